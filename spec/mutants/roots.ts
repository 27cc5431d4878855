import { jacobiRoot } from '../oracles/inverse-root.js';
import type { Mutant } from './mutant.js';

function rootMutant(
  id: string,
  mistake: string,
  killedBy: string,
  invert: (matrix: Float64Array, n: number, p: number) => Float64Array,
  seen?: string,
): Mutant {
  const subject = {
    kind: 'root' as const,
    name: `mutant ${id}`,
    epsilon: 2 ** -52,
    claims: [killedBy],
    invert,
    scope: <R>(body: () => R) => body(),
  };
  return { id, mistake, seen, killedBy, subject };
}

export const rootMutants: readonly Mutant[] = [
  rootMutant(
    'root-of-multiples',
    'An inverse square root is rescaled by c^(½ − 1/p), c the mean eigenvalue: right only for multiples of I.',
    '84',
    (matrix, n, p) => {
      const mean = matrix.reduce((trace, entry, at) => (at % (n + 1) === 0 ? trace + entry / n : trace), 0);
      return jacobiRoot(matrix, n, 1 / 2).map((entry) => entry * mean ** (1 / 2 - 1 / p));
    },
    'Odyssey, whose tests knew identities only',
  ),
  rootMutant('root-hidden-ridge', 'A ridge of 10⁻⁶ nobody asked for.', '53', (matrix, n, p) =>
    jacobiRoot(matrix, n, 1 / p, 1e-6),
  ),
  rootMutant('root-not-inverted', 'The root, not the inverse root.', '53', (matrix, n, p) =>
    jacobiRoot(matrix, n, -1 / p),
  ),
  rootMutant(
    'root-entrywise',
    'The root of each entry in place of the root of the matrix.',
    '84',
    (matrix, n, p) => jacobiRoot(matrix, n, 1).map((entry) => Math.sign(entry) * Math.abs(entry) ** (1 / p)),
  ),
];
