import { float64, type Transform } from '../../src/index.js';
import { chain, clipByNorm, learningRate } from '../../src/transforms/index.js';
import { ourComposition } from '../subjects/ours.js';
import type { Mutant } from './mutant.js';

function chainMutant(
  id: string,
  mistake: string,
  killedBy: string,
  join: (...transforms: readonly Transform[]) => Transform,
): Mutant {
  return { id, mistake, killedBy, subject: { ...ourComposition(float64, join, id), claims: [killedBy] } };
}

export const compositionMutants: readonly Mutant[] = [
  chainMutant(
    'chain-nested-state',
    'The state of an inner composition is a list in the list.',
    '61',
    (...parts) => {
      const inner = chain(...parts);
      return {
        name: 'box',
        options: {},
        init: (parameters, algebra) => [inner.init(parameters, algebra)],
        update(context, state) {
          const [own] = state as readonly (typeof state)[];
          const next = inner.update(context, own);
          return { update: next.update, state: [next.state] };
        },
      };
    },
  ),
  chainMutant('chain-identity-counts', 'The empty composition counts its steps.', '61', (...parts) =>
    parts.length > 0 ? chain(...parts) : learningRate({ options: {}, at: () => -1 }),
  ),
  chainMutant('chain-hidden-clip', 'The gradient is clipped before every momentum.', '62', (...parts) =>
    chain(...parts.flatMap((part) => (part.name === 'momentum' ? [clipByNorm(1), part] : [part]))),
  ),
];
