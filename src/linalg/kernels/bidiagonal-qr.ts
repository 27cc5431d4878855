import { beneathNotice, CoupledBlocks } from './coupled-blocks.js';
import type { RotationChains } from './rotation-chains.js';

const epsilon = 2 ** -52;

/**
 * The singular values of an upper bidiagonal matrix by the implicit QR iteration.
 *
 * `diagonal` becomes the singular values, unsorted and perhaps negative; `superDiagonal[i]` stands beside
 * diagonal[i] and is used up. The rotations go to the chains, so that X ← X·G and Y ← Y·G make left and right
 * singular vectors of the columns. An entry beside the diagonal is dropped below ε times the largest entry.
 *
 * Source: Golub & Reinsch 1970; the sweep without shift and the choice of direction, Demmel & Kahan 1990.
 *
 * @returns false if a singular value did not appear within sixty iterations.
 */
export function bidiagonalQr(
  diagonal: Float64Array,
  superDiagonal: Float64Array,
  n: number,
  left: RotationChains,
  right: RotationChains,
): boolean {
  const blocks = new CoupledBlocks(diagonal, superDiagonal, n, epsilon, 0);
  let direction: 1 | -1 = 1;
  while (blocks.next()) {
    const { low, high } = blocks;
    if (blocks.fresh) direction = Math.abs(diagonal[low]) >= Math.abs(diagonal[high]) ? 1 : -1;
    let least = Math.abs(diagonal[low]);
    for (let i = low + 1; i <= high; i++) least = Math.min(least, Math.abs(diagonal[i]));
    // Read backwards, an upper bidiagonal matrix is the transpose of one.
    const singular = least <= blocks.negligible;
    if (direction === 1) sweep(diagonal, superDiagonal, low, high, 1, singular, left, right);
    else sweep(diagonal, superDiagonal, high, low, -1, singular, right, left);
  }
  return blocks.done;
}

/** One chase from `first` to `last`, where a singular value is to appear. */
function sweep(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  direction: 1 | -1,
  singular: boolean,
  left: RotationChains,
  right: RotationChains,
): void {
  const between = direction === 1 ? 0 : -1;
  const start = Math.abs(d[first]);
  const shift = singular ? 0 : smallestOfCorner(d[last - direction], e[last - direction + between], d[last]);
  const [leftAt, rightAt] = [left.at, right.at];
  const [lefts, rights] = [left.rotations, right.rotations];
  let count = 0;
  if (singular || (shift / start) ** 2 < epsilon) {
    let [c, s, oldC, oldS] = [1, 0, 1, 0];
    for (let i = first; i !== last; i += direction, count += 2) {
      let f = d[i] * c;
      let g = e[i + between];
      let r = length(f, g);
      c = r === 0 ? 1 : f / r;
      s = r === 0 ? 0 : g / r;
      if (i !== first) e[i - direction + between] = oldS * r;
      f = oldC * r;
      g = d[i + direction] * s;
      r = length(f, g);
      oldC = r === 0 ? 1 : f / r;
      oldS = r === 0 ? 0 : g / r;
      d[i] = r;
      rights[rightAt + count] = c;
      rights[rightAt + count + 1] = s;
      lefts[leftAt + count] = oldC;
      lefts[leftAt + count + 1] = oldS;
    }
    const h = d[last] * c;
    d[last] = h * oldC;
    e[last - direction + between] = h * oldS;
  } else {
    let f = (start - shift) * ((d[first] < 0 ? -1 : 1) + shift / d[first]);
    let g = e[first + between];
    for (let i = first; i !== last; i += direction, count += 2) {
      const right = i + between;
      let r = length(f, g);
      const c = r === 0 ? 1 : f / r;
      const s = r === 0 ? 0 : g / r;
      if (i !== first) e[right - direction] = r;
      f = c * d[i] + s * e[right];
      e[right] = c * e[right] - s * d[i];
      g = s * d[i + direction];
      d[i + direction] *= c;
      r = length(f, g);
      const cLeft = r === 0 ? 1 : f / r;
      const sLeft = r === 0 ? 0 : g / r;
      d[i] = r;
      f = cLeft * e[right] + sLeft * d[i + direction];
      d[i + direction] = cLeft * d[i + direction] - sLeft * e[right];
      if (i + direction !== last) {
        g = sLeft * e[right + direction];
        e[right + direction] *= cLeft;
      }
      rights[rightAt + count] = c;
      rights[rightAt + count + 1] = s;
      lefts[leftAt + count] = cLeft;
      lefts[leftAt + count + 1] = sLeft;
    }
    e[last - direction + between] = f;
  }
  left.end(first, direction, count / 2);
  right.end(first, direction, count / 2);
}

function length(f: number, g: number): number {
  const r = Math.sqrt(f * f + g * g);
  return r < beneathNotice ? 0 : r;
}

/** The smaller singular value of [f g; 0 h]. */
function smallestOfCorner(f: number, g: number, h: number): number {
  const [one, other] = [Math.abs(f), Math.abs(h)];
  const largest =
    (Math.sqrt((one + other) * (one + other) + g * g) + Math.sqrt((one - other) * (one - other) + g * g)) / 2;
  return largest === 0 ? 0 : one * (other / largest);
}
