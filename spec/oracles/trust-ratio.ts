import { type Naive, naiveSubject, option } from './naive.js';

/** u·c‖x‖/(‖u‖ + ε) leaf by leaf, unchanged where either norm is 0 (You, Gitman and Ginsburg 2017, equation 6). */
export const trustRatioOracle = naiveSubject(
  'trustRatio',
  (options): Naive => {
    const coefficient = option(options, 'coefficient', 1);
    const epsilon = option(options, 'epsilon', 0);
    return {
      start: () => [],
      step: (x, u) => ({ update: trusted(x, u, coefficient, epsilon), rows: [] }),
    };
  },
  { leafwise: true },
);

export function trusted(
  x: readonly number[],
  u: readonly number[],
  coefficient: number,
  epsilon: number,
): readonly number[] {
  const weight = length(x);
  const size = length(u);
  if (weight === 0 || size === 0) return u;
  return u.map((ui) => (ui * coefficient * weight) / (size + epsilon));
}

function length(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value * value;
  return Math.sqrt(total);
}
