import fc from 'fast-check';
import type { OptimizerSubject } from '../subjects/subject.js';

const rate = fc.integer({ min: 0, max: 8 }).map((k) => 2 ** -k);
const memory = fc.constantFrom(0, 0.5, 0.9, 0.99);
const longMemory = fc.constantFrom(0, 0.5, 0.9, 0.999);
const epsilon = fc.constantFrom(2 ** -10, 1e-8, 1);
const decay = fc.constantFrom(0, 2 ** -6, 0.01, 0.5);
const lookahead = fc.constantFrom(0, 0.5, 0.9, 1);
const epsilonPlace = fc.constantFrom('beside', 'inside');
const correctedPlace = fc.constantFrom('beside', 'inside', 'besideUncorrected', 'insideUncorrected');
const moments = { learningRate: rate, beta1: memory, beta2: longMemory, epsilon };

const muon = {
  ...moments,
  beta: memory,
  coefficients: fc.constantFrom('standard', 'dion', 'polarExpress'),
  scale: fc.constantFrom('spectral', 'rms'),
  adamRatio: fc.constantFrom(1, 0.125),
  weightDecay: decay,
};

/** Sensible options of every method and transform that the laws know, by name. */
const tables: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  gradientDescent: { learningRate: rate },
  signDescent: { learningRate: rate },
  momentum: { learningRate: rate, beta: memory },
  nesterov: { learningRate: rate, beta: fc.oneof(memory, fc.constant('sequence')) },
  adagrad: { learningRate: rate, epsilon, epsilonPlace, initial: fc.constantFrom(0, 0.1) },
  rmsprop: { learningRate: rate, beta: memory, epsilon, epsilonPlace },
  adam: { ...moments, exponent: fc.constantFrom(0.5, 1, 0.25), epsilonPlace: correctedPlace },
  adamw: { ...moments, epsilonPlace: correctedPlace, weightDecay: decay },
  adabelief: { ...moments },
  lars: { learningRate: rate, beta: memory, weightDecay: decay, coefficient: fc.constantFrom(1, 0.001) },
  lamb: { ...moments, weightDecay: decay },
  lion: { learningRate: rate, beta1: memory, beta2: memory, weightDecay: decay },
  adan: { learningRate: rate, beta1: memory, beta2: memory, beta3: longMemory, epsilon, weightDecay: decay },
  adopt: { ...moments },
  scheduleFreeSgd: { learningRate: rate, beta: lookahead, weightDecay: decay },
  scheduleFreeAdamw: { learningRate: rate, beta: lookahead, beta2: longMemory, epsilon, weightDecay: decay },
  primalAverage: { rate, memory: fc.constantFrom(0, 0.5, 0.9, 1), lookahead },
  prodigy: { ...moments, initial: fc.constantFrom(1, 2 ** -6, 1e-6) },
  muon,
  adahessian: {
    learningRate: rate,
    beta1: memory,
    beta2: memory,
    epsilon: fc.constantFrom(2 ** -4, 1),
    power: fc.constantFrom(1, 0.5),
    every: fc.constantFrom(1, 2),
    weightDecay: decay,
  },
  sophia: {
    learningRate: rate,
    beta1: memory,
    beta2: memory,
    gamma: fc.constantFrom(0.01, 1),
    epsilon: fc.constantFrom(2 ** -10, 2 ** -40),
    every: fc.constantFrom(1, 2),
    weightDecay: decay,
  },
  clippedDiagonalNewton: {
    learningRate: rate,
    diagonal: fc.constantFrom('exact', 'hutchinson'),
    memory,
    least: fc.constantFrom(0.5, 1),
    most: fc.constantFrom(1, 3),
    every: fc.constantFrom(1, 2),
    mostUpdate: fc.constantFrom(0.5, 16),
  },
  batchLbfgs: {
    learningRate: rate,
    memory: fc.constantFrom(1, 2, 10),
    damping: fc.constantFrom(0, 0.5),
  },
  naturalGradient: {
    learningRate: rate,
    damping: fc.constantFrom(1, 2 ** -4),
    fisher: fc.constantFrom('exact', 'empirical'), // the others draw labels
    by: fc.constantFrom('conjugateGradients', 'lowRank', 'dense'),
    tolerance: fc.constant(1e-14),
    iterations: fc.constant(250),
  },
  fisherAdam: {
    learningRate: rate,
    beta1: memory,
    beta2: memory,
    epsilon: fc.constantFrom(2 ** -4, 1),
    exponent: fc.constantFrom(0.5, 1),
    every: fc.constantFrom(1, 2),
    estimate: fc.constant('exact'), // the others draw labels
  },
  normuon: { ...muon, neuronMemory: memory },
  soap: {
    ...moments,
    every: fc.constantFrom(1, 2, 10),
    block: fc.constantFrom(256, 2),
    basis: fc.constantFrom('eigen', 'qr'),
    tolerance: fc.constantFrom(0, 0.1),
  },
  shampoo: {
    learningRate: rate,
    beta1: memory,
    beta2: fc.constantFrom(0.5, 0.999, 1),
    epsilon: fc.constantFrom(2 ** -4, 1, 2 ** -10),
    every: fc.constantFrom(1, 2),
    start: fc.constantFrom(1, 3),
    block: fc.constantFrom(256, 2),
    graft: fc.constantFrom('none', 'sgd', 'adagrad', 'adam'),
    statistics: fc.constantFrom('gram', 'kl'),
    vectors: fc.constantFrom('matrix', 'diagonal'),
  },
  psgdKron: {
    learningRate: rate,
    beta: memory,
    whitens: fc.constantFrom('mean', 'gradient'),
    factorRate: fc.constantFrom(0.5, 0.1),
    every: fc.constantFrom(1, 2),
    warmup: fc.constantFrom(0, 2),
    longest: fc.constantFrom(512, 1),
    initial: fc.constantFrom(0, 1, 2 ** -4),
    probe: fc.constant('mean'), // the other draws a vector
    most: fc.constantFrom(1.1, 16),
  },
  newton: { learningRate: rate },
  trustRatio: { coefficient: fc.constantFrom(1, 0.001, 4), epsilon: fc.constantFrom(0, 1e-6) },
  clipByNorm: { most: fc.constantFrom(1, 0.25, 5) },
  clipByValue: { most: fc.constantFrom(1, 0.25, 5) },
  masked: { beta: memory },
  grouped: { beta: memory },
  scheduled: { factor: fc.constantFrom(1, 0.5, 0.9) },
  scheduledMomentum: { beta: memory, factor: fc.constantFrom(1, 0.5, 0.9) },
  stranger: {},
};

/**
 * Options of the method of this name. Shrinks to the first of each list, rates to 1.
 *
 * @throws RangeError for a method no option is known of
 */
export function methodOptions(method: string): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const table = tables[method];
  if (table === undefined) throw new RangeError(`methodOptions(method): nothing is known of '${method}'`);
  return fc.record(table);
}

/** Options that a subject can be made with: those of its method, or the only ones it has. */
export function optionsOf({
  method,
  fixed,
}: OptimizerSubject): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fixed === undefined ? methodOptions(method) : fc.constant(fixed);
}

/** What a law draws, save that options which stand fixed are what they are. */
export function drawn<V extends object>(
  { fixed = {} }: Pick<OptimizerSubject, 'fixed'>,
  record: { readonly [K in keyof V]: fc.Arbitrary<V[K]> },
): fc.Arbitrary<V> {
  const entries = Object.entries(record).map(([name, arbitrary]) => [
    name,
    name in fixed ? fc.constant(fixed[name]) : arbitrary,
  ]);
  return fc.record(Object.fromEntries(entries)) as unknown as fc.Arbitrary<V>;
}
