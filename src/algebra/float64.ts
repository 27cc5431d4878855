import type { Algebra } from './algebra.js';
import { binary, combine, power, sameShape, unary, where } from './elementwise.js';
import { free, HostArray, live, make, scope } from './host-array.js';
import { concat, slice } from './host-boxes.js';
import { numbers } from './numbers.js';
import { productShape } from './product-shape.js';

/**
 * The host's arithmetic: float64, arrays recycled by length.
 *
 * Arrays made outside every scope live until `release`; inside a scope, only what it returns lives on.
 *
 * @example
 * const x = float64.array([1, 2, 3], [3]);
 * float64.number(float64.scope(() => float64.sum(float64.square(x)))); // 14
 */
export const float64: Algebra<HostArray> = {
  name: 'float64',
  epsilon: 2 ** -52,

  array(values, shape) {
    numbers('float64.array', 'values', values);
    const result = make([...shape]);
    if (values.length !== result.data.length) {
      free(result);
      throw new RangeError(
        `float64.array(values): expected ${shape.join('·') || 1} values, got ${values.length}`,
      );
    }
    write(result.data, values);
    return result;
  },
  fill(shape, value) {
    const result = make([...shape]);
    result.data.fill(value);
    return result;
  },
  copy(x) {
    const result = make(x.shape);
    write(result.data, x.data);
    return result;
  },
  isArray: (x): x is HostArray => x instanceof HostArray,
  shape: (x) => x.shape,
  number(x) {
    if (x.data.length !== 1)
      throw new RangeError(`float64.number(x): expected one entry, got shape [${x.shape}]`);
    return x.data[0];
  },
  values(x) {
    const values = new Float64Array(x.data.length);
    write(values, x.data);
    return values;
  },

  add: (x, y) => binary('add', x, y),
  sub: (x, y) => binary('sub', x, y),
  mul: (x, y) => binary('mul', x, y),
  div: (x, y) => binary('div', x, y),
  min: (x, y) => binary('min', x, y),
  max: (x, y) => binary('max', x, y),
  combine,
  neg: (x) => unary('neg', x),
  abs: (x) => unary('abs', x),
  sign: (x) => unary('sign', x),
  square: (x) => unary('square', x),
  sqrt: (x) => unary('sqrt', x),
  pow: power,
  greater: (x, y) => binary('greater', x, y),
  where,

  sum(x) {
    const { data } = x;
    let total = 0;
    for (let i = 0; i < data.length; i++) total += data[i];
    return scalar(total);
  },
  dot(x, y) {
    sameShape('dot', x, y);
    const left = x.data;
    const right = y.data;
    let total = 0;
    for (let i = 0; i < left.length; i++) total += left[i] * right[i];
    return scalar(total);
  },
  finite(x) {
    const { data } = x;
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return scalar(0);
    return scalar(1);
  },

  matmul(x, y, transposeX = false, transposeY = false) {
    const { stack, m, inner, n } = productShape('float64', x.shape, y.shape, transposeX, transposeY);
    const result = make(stack === undefined ? [m, n] : [stack, m, n]);
    const rowX = transposeX ? 1 : inner;
    const columnX = transposeX ? m : 1;
    const to = result.data;
    const left = x.data;
    const right = y.data;
    if (!transposeY) to.fill(0);
    for (let matrix = 0; matrix < (stack ?? 1); matrix++) {
      const [atX, atY, at] = [matrix * m * inner, matrix * inner * n, matrix * m * n];
      if (transposeY) {
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let total = 0;
            for (let k = 0; k < inner; k++)
              total += left[atX + i * rowX + k * columnX] * right[atY + j * inner + k];
            to[at + i * n + j] = total;
          }
        }
        continue;
      }
      for (let i = 0; i < m; i++) {
        for (let k = 0; k < inner; k++) {
          const factor = left[atX + i * rowX + k * columnX];
          for (let j = 0, into = at + i * n, from = atY + k * n; j < n; j++)
            to[into + j] += factor * right[from + j];
        }
      }
    }
    return result;
  },
  transpose(x) {
    if (x.shape.length !== 2)
      throw new RangeError(`float64.transpose(x): expected a matrix, got shape [${x.shape}]`);
    const [m, n] = x.shape;
    const result = make([n, m]);
    const to = result.data;
    const from = x.data;
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) to[j * m + i] = from[i * n + j];
    return result;
  },
  reshape: (x, shape) => float64.array(x.data, shape),
  slice,
  concat,

  scope,
  release: free,
  live,
};

/** Up to so many entries a loop copies faster than the engine's own, which has to be called. */
const few = 32;

function write(to: Float64Array, from: ArrayLike<number>): void {
  if (from.length > few) to.set(from);
  else for (let i = 0; i < to.length; i++) to[i] = from[i];
}

const noAxes: readonly number[] = [];

function scalar(value: number): HostArray {
  const result = make(noAxes);
  result.data[0] = value;
  return result;
}
