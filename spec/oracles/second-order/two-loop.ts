import { vectorOperator } from '../../../src/curvature/vector-operator.js';
import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { EstimateSubject } from '../../subjects/second-order/subject.js';
import { inner, plus } from '../dense/matrices.js';
import { type Pair, scalingOf } from '../dense/updates.js';

/** How a two-loop recursion goes about it; what is left out is done right. */
export interface TwoLoopParts {
  /** Which of all pairs learnt are kept, oldest first. */
  keep?(pairs: readonly Pair[], memory: number): readonly Pair[];
  /** γ from all pairs learnt and those kept. */
  gamma?(pairs: readonly Pair[], kept: readonly Pair[]): number;
  /** z⁽⁰⁾ from γ, what the first loop left of q, and q itself. */
  between?(gamma: number, reduced: Float64Array, q: Float64Array): Float64Array;
  /** Which pairs, by index, the second loop runs over; oldest first. */
  second?(count: number): readonly number[];
  /** Into which slices q is cut before each is treated alone. */
  cut?(n: number): readonly [from: number, to: number][];
  /** Whether a pair is learnt. */
  admit?(pair: Pair): boolean;
}

/** The two-loop recursion of Nocedal 1980 as it is printed, with lists in place of a ring. */
export function twoLoop(parts: TwoLoopParts, named: Partial<EstimateSubject> = {}): EstimateSubject {
  const {
    keep = (pairs, memory) => pairs.slice(-memory),
    gamma = (pairs) => scalingOf(pairs[pairs.length - 1]),
    between = (scale, reduced) => reduced.map((entry) => scale * entry),
    second = (count) => Array.from({ length: count }, (_, i) => i),
    cut = (n) => [[0, n]],
    admit = ({ s, y }) => inner(s, y) > 2 ** -52 * Math.sqrt(inner(s, s) * inner(y, y)),
  } = parts;
  const recursion = (q: Float64Array, kept: readonly Pair[], scale: number): Float64Array => {
    const alpha = new Float64Array(kept.length);
    let reduced = q;
    for (let i = kept.length - 1; i >= 0; i--) {
      const { s, y } = kept[i];
      alpha[i] = inner(s, reduced) / inner(s, y);
      reduced = plus(reduced, y, -alpha[i]);
    }
    let z = between(scale, reduced, q);
    for (const i of second(kept.length)) {
      const { s, y } = kept[i];
      z = plus(z, s, alpha[i] - inner(y, z) / inner(s, y));
    }
    return z;
  };
  return {
    kind: 'estimate',
    name: 'limitedMemory (naive)',
    method: 'limitedMemory',
    form: 'H',
    epsilon: 2 ** -52,
    claims: secondOrderClaims.limitedMemory,
    start(n, { memory = 20, scaled = false } = {}) {
      const pairs: Pair[] = [];
      return {
        learn(s, y) {
          if (admit({ s, y })) pairs.push({ s, y });
        },
        ...vectorOperator('naive two loops', (v, into) => {
          const kept = keep(pairs, memory);
          const scale = scaled && pairs.length > 0 ? gamma(pairs, kept) : 1;
          for (const [from, to] of cut(n)) {
            const own = kept.map(({ s, y }) => ({ s: s.slice(from, to), y: y.slice(from, to) }));
            into.set(recursion(v.slice(from, to), own, scale), from);
          }
        }),
      };
    },
    scope: (body) => body(),
    ...named,
  };
}

export const twoLoopOracle = twoLoop({});
