import type { OptimizerSubject } from './subject.js';

type Options = Readonly<Record<string, unknown>>;

/** What laws ask of a method besides its steps: which of its options mean what they speak of. */
export interface MethodTraits {
  /** Options at which its steps depend on the gradients' direction alone: no ε, nothing to begin with, no decay. */
  readonly scaleFree?: Options;
  /** The option that is the power of the mean square, where it has one. */
  readonly exponent?: string;
  /** Options that are memories of running means; at 0 there are none. */
  readonly memories?: readonly string[];
  /** Whether its means are corrected for beginning at 0, so that the first step knows no memory. */
  readonly correctsBias?: true;
  /** What the gradient is divided by the root of: a running mean of squares, or their sum from `initial` on. */
  readonly divisor?: 'mean' | 'sum';
  /** What of an update is cut off at `most`. */
  readonly clips?: 'norm' | 'value';
  /** How long each leaf's update is, relative to its weights. */
  readonly trust?: TrustTraits;
  /** Whether it takes norms over entries or solves systems: the order of its sums, and so the last digits, may change. */
  readonly sumsOverEntries?: true;
  /** Whether the curvature takes the gradient's sign back: f → −f leaves the step. */
  readonly signless?: true;
  /** Whether it divides by the root of a running mean square. */
  readonly adaptive?: true;
  /** Whether it treats a matrix as one, by options of its own. */
  readonly matrices?: true;
}

export interface TrustTraits {
  /** Options without decay, and with them the length of the update over that of the weights. */
  chosen(learningRate: number, coefficient: number): readonly [options: object, length: number];
  /** Options without ε. */
  readonly pure: object;
  /** The sign of the update along the gradient, where it is parallel to it. */
  readonly along?: 1 | -1;
}

const traits: Readonly<Record<string, MethodTraits>> = {
  momentum: { memories: ['beta'] },
  nesterov: { memories: ['beta'] },
  signDescent: { scaleFree: {} },
  adagrad: { scaleFree: { epsilon: 0, initial: 0 }, divisor: 'sum' },
  rmsprop: { scaleFree: { epsilon: 0 }, memories: ['beta'], divisor: 'mean' },
  adam: {
    scaleFree: { epsilon: 0 },
    exponent: 'exponent',
    memories: ['beta1', 'beta2'],
    correctsBias: true,
  },
  adabelief: { scaleFree: { epsilon: 0 } },
  lion: { scaleFree: { weightDecay: 0 } },
  adan: { scaleFree: { epsilon: 0, weightDecay: 0 } },
  adopt: { scaleFree: { epsilon: 0 } },
  prodigy: { scaleFree: { epsilon: 0 }, sumsOverEntries: true },
  scheduleFreeAdamw: { adaptive: true },
  muon: { matrices: true },
  normuon: { matrices: true },
  newton: { sumsOverEntries: true, signless: true },
  clipByNorm: { clips: 'norm', sumsOverEntries: true },
  clipByValue: { clips: 'value' },
  trustRatio: {
    trust: { chosen: (_, coefficient) => [{ coefficient }, coefficient], pure: { epsilon: 0 }, along: 1 },
    sumsOverEntries: true,
  },
  lamb: {
    trust: {
      chosen: (learningRate) => [{ learningRate, weightDecay: 0 }, learningRate],
      pure: { epsilon: 0 },
    },
    sumsOverEntries: true,
  },
  lars: {
    trust: {
      chosen: (learningRate, coefficient) => [
        { learningRate, coefficient, weightDecay: 0 },
        learningRate * coefficient,
      ],
      pure: {},
      along: -1,
    },
    sumsOverEntries: true,
  },
};

/** Each of them behind "methods that". */
export const traitsInWords: Readonly<Record<keyof MethodTraits, string>> = {
  scaleFree: 'do not depend on the size of the gradients',
  exponent: 'have a power of the mean square',
  memories: 'keep running means',
  correctsBias: 'correct their means for the bias',
  divisor: 'divide by the root of squares',
  clips: 'clip',
  trust: 'make steps as long as a part of the weights',
  sumsOverEntries: 'take norms over all entries',
  signless: 'take the sign of the gradient back by the curvature',
  adaptive: 'divide by the root of a running mean square',
  matrices: 'treat matrices as such',
};

/** What is known of the method that a subject is; of a stranger nothing. */
export function traitsOf({ method }: Pick<OptimizerSubject, 'method'>): MethodTraits {
  return traits[method] ?? {};
}
