import { naiveProdigy, type ProdigyMistake } from '../oracles/prodigy.js';
import { type Mutant, naiveMutant } from './mutant.js';

const prodigyMutant = (id: string, mistake: string, part: ProdigyMistake, killedBy = '96'): Mutant =>
  naiveMutant({ id, mistake, killedBy, method: 'prodigy' }, (options) => naiveProdigy(options, part));

const sumOfSizes = (s: readonly number[]) => s.reduce((total, entry) => total + Math.abs(entry), 0);

export const distanceMutants: readonly Mutant[] = [
  prodigyMutant('prodigy-falls', 'The estimate is the newest one, and may fall.', {
    estimate: (d, r, s) => (r > 0 ? r / sumOfSizes(s) : d),
  }),
  prodigyMutant('prodigy-ascends', 'The way is taken as x − x₀, so that the estimate never grows.', {
    travelled: (x0, x) => x - x0,
  }),
  prodigyMutant('prodigy-memory', 'The distance forgets by β₂, not by its root.', {
    memory: (beta2) => beta2,
  }),
  prodigyMutant('prodigy-unweighted', 'The moments take the gradients without their distances.', {
    weight: () => 1,
  }),
  prodigyMutant('prodigy-new-distance', 'The step is scaled by the estimate that this gradient has grown.', {
    scale: (_, after) => after,
  }),
  prodigyMutant(
    'prodigy-euclidean',
    'The weighted gradients are measured by the Euclidean norm, and the estimate is up to √n too long.',
    { estimate: (d, r, s) => (sumOfSizes(s) === 0 ? d : Math.max(d, r / Math.hypot(...s))) },
  ),
  prodigyMutant(
    'prodigy-doubles',
    'The estimate is taken twice.',
    { estimate: (d, r, s) => (sumOfSizes(s) === 0 ? d : Math.max(d, (2 * r) / sumOfSizes(s))) },
    '96b',
  ),
];
