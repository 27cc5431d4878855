import { type Naive, naiveOptimizer } from '../oracles/naive.js';
import type { Optimizer, OptimizerSubject, Subject } from '../subjects/subject.js';

/** A known mistake, made again, and the law that finds it. */
export interface Mutant {
  readonly id: string;
  /** What is wrong, in one sentence. */
  readonly mistake: string;
  /** Where it was met, if it was published. */
  readonly seen?: string;
  readonly killedBy: string;
  readonly subject: Subject;
}

export interface MutantOf {
  readonly id: string;
  readonly mistake: string;
  readonly seen?: string;
  readonly killedBy: string;
  /** The method it claims to be. */
  readonly method: string;
}

/** A mutant of a method over plain numbers, written as a naive method with one thing wrong. */
export function naiveMutant(
  { method, ...described }: MutantOf,
  create: (options: Options) => Naive,
  { leafwise = false } = {},
): Mutant {
  return optimizerMutant({ method, ...described }, (options) => naiveOptimizer(create(options), leafwise));
}

/** A mutant that breaks the contract itself. */
export function optimizerMutant(
  { method, ...described }: MutantOf,
  create: (options: Options) => Optimizer,
): Mutant {
  const subject: OptimizerSubject = {
    kind: 'optimizer',
    name: `mutant ${described.id}`,
    method,
    epsilon: 2 ** -52,
    claims: [described.killedBy],
    create: (options) => create(options as Options),
    scope: (body) => body(),
  };
  return { ...described, subject };
}

export type Options = Record<string, unknown>;

/** A method that keeps two numbers a coordinate, from 0: what Adam and its kin are. */
export function coordinatewise(
  step: (at: { x: number; g: number; m: number; v: number; t: number }) => {
    update: number;
    m?: number;
    v?: number;
  },
): Naive {
  return {
    start: (x) => [x.map(() => 0), x.map(() => 0)],
    step(x, g, [m, v], t) {
      const made = g.map((gi, i) => step({ x: x[i], g: gi, m: m[i], v: v[i], t }));
      return {
        update: made.map(({ update }) => update),
        rows: [made.map((one) => one.m ?? 0), made.map((one) => one.v ?? 0)],
      };
    },
  };
}
