import { plainNumber } from '../../../plot/axis.js';

/** A number as short as so many digits allow: 0.25, −3, 2×10⁻⁷. */
export function number(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return plainNumber(value);
  const size = Math.abs(value);
  if (size >= 10 ** digits && size < 1e5) return plainNumber(Math.round(value));
  return plainNumber(value, digits);
}

/** A point, as (1, −0.5); of one variable the number alone. */
export function point(x: ArrayLike<number>, digits = 4): string {
  const texts = Array.from(x, (xi) => number(xi, digits));
  return texts.length === 1 ? texts[0] : `(${texts.join(', ')})`;
}
