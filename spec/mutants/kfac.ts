import {
  type KfacRules,
  type ModelStepRules,
  naiveKfac,
  naiveModelSteps,
  rightSteps,
} from '../oracles/kfac.js';
import { kfacFixedSubject, meanDiagonal } from '../oracles/kfac-fixed.js';
import type { LayeredSubject, ModelSteps } from '../subjects/layered.js';
import type { Mutant } from './mutant.js';

const arithmetic = { epsilon: 2 ** -52, scope: <R>(body: () => R) => body() };

type Made = Pick<LayeredSubject, 'kind' | 'after'> | Pick<ModelSteps, 'kind' | 'run'>;

/** A subject that claims the one law by which it is found. */
function mutantOf(id: string, mistake: string, killedBy: string, made: Made, seen?: string): Mutant {
  const subject = { ...made, name: `mutant ${id}`, claims: [killedBy], ...arithmetic };
  return { id, mistake, ...(seen && { seen }), killedBy, subject };
}

/** K-FAC's curvature with one rule changed. */
function kfacMutant(
  id: string,
  mistake: string,
  killedBy: string,
  changed: Partial<KfacRules>,
  seen?: string,
) {
  const after: LayeredSubject['after'] = (batches, options) => naiveKfac(batches, options, changed);
  return mutantOf(id, mistake, killedBy, { kind: 'layered', after }, seen);
}

/** Steps by a quadratic model with one rule changed. */
function stepMutant(
  id: string,
  mistake: string,
  killedBy: string,
  changed: Partial<ModelStepRules>,
  seen?: string,
) {
  return mutantOf(id, mistake, killedBy, { kind: 'modelSteps', run: naiveModelSteps(changed) }, seen);
}

const sumOf = (x: Float64Array) => x.reduce((sum, entry) => sum + entry, 0);

export const kfacMutants: readonly Mutant[] = [
  {
    id: 'kfac-fixed-pi-inverted',
    mistake: 'The damping is shared out by 1/π: the larger factor gets the smaller part.',
    killedBy: 'A4',
    subject: {
      ...kfacFixedSubject({ pi: (a, g) => Math.sqrt(meanDiagonal(g) / meanDiagonal(a)) }),
      name: 'mutant kfac-fixed-pi-inverted',
    },
  },
  kfacMutant(
    'kfac-mean-errors',
    'G is made of the derivatives of the mean loss as they are: smaller by the number of its terms.',
    '45',
    { errorsTimes: () => 1 },
    'several K-FAC implementations (laws of curvlinops)',
  ),
  kfacMutant('kfac-summed-inputs', 'A is a sum over the rows and not their mean.', '45', {
    inputsOver: () => 1,
  }),
  kfacMutant(
    'kfac-by-layer-length',
    'The factors of a layer are divided by how many inputs it has: long layers step further than short ones.',
    '45',
    { entry: (a, n, g, m, { i, j, k, l }) => (a[i * n + j] * g[k * m + l]) / n },
  ),
  kfacMutant(
    'kfac-sides-swapped',
    'A stands on the side of the outputs and G on that of the inputs, wherever the shapes allow it.',
    '45',
    {
      entry: (a, n, g, m, { i, j, k, l }) =>
        n === m ? g[i * n + j] * a[k * m + l] : a[i * n + j] * g[k * m + l],
    },
  ),
  kfacMutant('kfac-no-bias-column', 'The inputs have a 0 for the bias.', '45b', { one: 0 }),
  kfacMutant('kfac-stale-factors', 'The inverse is of the factors before this batch.', '45c', {
    fresh: false,
  }),
  kfacMutant(
    'kfac-factors-from-zero',
    'The running factors begin at 0 and are not corrected for it.',
    '45c',
    { weight: (before, memory) => ({ weight: before + 1, share: memory === 1 ? 1 : 1 - memory }) },
    'distributed Shampoo (issues 110, 111), whose factors began at 0',
  ),
  kfacMutant('kfac-tokens-over-positions', 'Reduced inputs are summed over positions, not averaged.', '79', {
    positions: () => 1,
  }),
  kfacMutant(
    'kfac-terms-are-rows',
    'The errors are weighed by the rows, whatever the terms of the mean loss.',
    '79',
    { errorsTimes: (_, rows) => rows * rows },
    'kfac-jax (40cf083)',
  ),
  kfacMutant(
    'kfac-pi-of-entries',
    'π takes the sums of all entries for the traces.',
    '81b',
    { pi: (a, n, g, m) => Math.sqrt(Math.abs(sumOf(a) / n / (sumOf(g) / m))) },
    'an older curvlinops',
  ),
  kfacMutant('kfac-pi-upside-down', 'π is the root of G over A.', '81b', {
    pi: (a, n, g, m) => 1 / Math.sqrt(traceOf(a, n) / n / (traceOf(g, m) / m)),
  }),
  kfacMutant('kfac-damping-squared', 'Each factor is damped by λ, their product by λ².', '46b', {
    root: (damping) => damping,
  }),
  kfacMutant(
    'kfac-one-by-one',
    'A factor of one number is damped as any other.',
    '81b',
    { exceptions: false },
    'vmcnet (pull request 115), which divided by 0 there',
  ),
  kfacMutant('kfac-damped-twice', 'λ is added again where the eigenvalues are divided by.', '46b', {
    added: (damping) => 2 * damping,
  }),
  kfacMutant('ekfac-uncorrected', 'The eigenvalues of EKFAC are those of K-FAC.', '80', {
    corrected: (_, __, eigenvalues) => eigenvalues,
  }),
  kfacMutant(
    'ekfac-stale-basis',
    'The corrections were taken in another basis, the coordinates’ own.',
    '80',
    {
      corrected: ({ diagonal, n, m }) => diagonal({ a: identityOf(n), g: identityOf(m) }),
    },
  ),
  kfacMutant('kfac-hidden-damping', 'A damping of 10⁻⁴ nobody asked for.', '46', {
    root: (damping) => Math.sqrt(damping + 1e-4),
  }),
  kfacMutant('kfac-rooted-damping', 'The eigenvalues are damped by √λ, as a factor is.', '81', {
    added: Math.sqrt,
  }),
  kfacMutant(
    'kfac-chain-unconditioned',
    'Λ of the tridiagonal form inverts the layers’ own blocks, not what the next layer leaves of them.',
    '46c',
    { conditional: (own) => own },
  ),
  kfacMutant('kfac-chain-one-sided', 'The tridiagonal form leaves out Ξᵀ.', '46c', { told: false }),
  stepMutant('model-undamped', 'Rate and momentum minimize the model without λ.', '26d', {
    modelDamping: () => 0,
  }),
  stepMutant('model-damped-ratio', 'ρ divides by the damped model’s promise.', '26d', {
    ratioDamping: (damping) => damping,
  }),
  stepMutant('model-momentum-sign', 'The last step is added with the wrong sign.', '26d', {
    momentum: (mu) => -mu,
  }),
  stepMutant(
    'model-raised-when-good',
    'λ is raised although ρ ≥ ¾.',
    '26e',
    { factor: (ratio, omega) => (ratio > 3 / 4 ? 1 / omega : omega) },
    'an older K-FAC',
  ),
  stepMutant('model-never-refuses', 'A step that raises the loss is taken, however far.', '26e', {
    refuses: false,
  }),
  stepMutant(
    'model-falls-by-its-own-batch',
    'λ falls where a step kept its promise on its own batch, whatever the batch after says.',
    '26e',
    { factor: (ratio, omega) => rightSteps.factor(ratio, omega, 1) },
    'K-FAC with λ adapted as printed: on a vision transformer with batches of 32 the loss was 10⁶ after 40 steps',
  ),
  stepMutant('model-asks-its-own-batch', 'τ is made of the slope and bend of the step’s own batch.', '26f', {
    asked: (own) => own,
  }),
  stepMutant('model-one-rate', 'All layers share one rate.', '26h', { leastApart: Number.POSITIVE_INFINITY }),
  stepMutant('model-forgets', 'τ is that of the last step alone.', '26f', { memory: 0 }),
];

function traceOf(matrix: Float64Array, n: number): number {
  return Array.from({ length: n }, (_, i) => matrix[i * (n + 1)]).reduce((sum, entry) => sum + entry, 0);
}

function identityOf(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}
