import { scalingOf } from '../../oracles/dense/updates.js';
import { type TwoLoopParts, twoLoop } from '../../oracles/second-order/two-loop.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

function looping(described: Omit<Mutant, 'subject'>, parts: TwoLoopParts): Mutant {
  return mutantOf(described, (named) => twoLoop(parts, named));
}

export const limitedMemoryMutants: readonly Mutant[] = [
  looping(
    {
      id: 'elementwise-start',
      mistake: 'z⁽⁰⁾ = γ⊙δ⊙q: the newest step multiplies entry by entry.',
      seen: 'lecture slides',
      killedBy: '35',
    },
    {
      between: (gamma, reduced, q) =>
        reduced.map((entry, i) => gamma * entry * (q[i] === 0 ? 1 : Math.abs(q[i]))),
    },
  ),
  looping(
    {
      id: 'unreduced-start',
      mistake: 'The second loop starts from γq, not from what the first loop left of q.',
      seen: 'lecture slides',
      killedBy: '35',
    },
    { between: (gamma, _, q) => q.map((entry) => gamma * entry) },
  ),
  looping(
    {
      id: 'second-loop-shifted',
      mistake: 'The second loop runs over 0 … m − 1 of m + 1 pairs: the newest never enters.',
      seen: 'lecture slides',
      killedBy: '35',
    },
    { second: (count) => Array.from({ length: Math.max(0, count - 1) }, (_, i) => i) },
  ),
  looping(
    {
      id: 'two-loop-per-leaf',
      mistake: 'The recursion runs on each array by itself, with dot products of its own.',
      seen: 'an optimizer library',
      killedBy: '35',
    },
    {
      cut: (n) =>
        n < 2
          ? [[0, n]]
          : [
              [0, 1],
              [1, n],
            ],
    },
  ),
  looping(
    {
      id: 'ring-off-by-one',
      mistake: 'The ring writes at (p mod m) + 1: with m pairs the slot of the newest is lost.',
      seen: 'an optimizer library',
      killedBy: '35',
    },
    { keep: (pairs, memory) => (pairs.length < memory ? pairs : pairs.slice(-memory).slice(0, -1)) },
  ),
  looping(
    {
      id: 'scaling-from-wrong-slot',
      mistake: 'γ is taken from the oldest pair in the ring.',
      seen: 'an optimizer library',
      killedBy: '35',
    },
    { gamma: (_, kept) => scalingOf(kept[0]) },
  ),
  looping(
    { id: 'newest-evicted', mistake: 'A full memory keeps its pairs and drops the newest.', killedBy: '35' },
    { keep: (pairs, memory) => pairs.slice(0, memory) },
  ),
];
