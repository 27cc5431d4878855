import { type HostArray, make } from './host-array.js';

/*
 * Loops of their own for the operations that optimizers live on: a callback an element costs five times the
 * arithmetic. An operand that is one number is read with stride 0, so that one loop serves all cases.
 */

type Binary = (to: Float64Array, x: Float64Array, strideX: number, y: Float64Array, strideY: number) => void;
type Unary = (to: Float64Array, x: Float64Array) => void;

const binaryLoops = {
  add(to, x, strideX, y, strideY) {
    for (let i = 0, j = 0, k = 0; i < to.length; i++, j += strideX, k += strideY) to[i] = x[j] + y[k];
  },
  sub(to, x, strideX, y, strideY) {
    for (let i = 0, j = 0, k = 0; i < to.length; i++, j += strideX, k += strideY) to[i] = x[j] - y[k];
  },
  mul(to, x, strideX, y, strideY) {
    for (let i = 0, j = 0, k = 0; i < to.length; i++, j += strideX, k += strideY) to[i] = x[j] * y[k];
  },
  div(to, x, strideX, y, strideY) {
    for (let i = 0, j = 0, k = 0; i < to.length; i++, j += strideX, k += strideY) to[i] = x[j] / y[k];
  },
  min(to, x, strideX, y, strideY) {
    for (let i = 0, j = 0, k = 0; i < to.length; i++, j += strideX, k += strideY)
      to[i] = Math.min(x[j], y[k]);
  },
  max(to, x, strideX, y, strideY) {
    for (let i = 0, j = 0, k = 0; i < to.length; i++, j += strideX, k += strideY)
      to[i] = Math.max(x[j], y[k]);
  },
  greater(to, x, strideX, y, strideY) {
    for (let i = 0, j = 0, k = 0; i < to.length; i++, j += strideX, k += strideY) to[i] = x[j] > y[k] ? 1 : 0;
  },
} satisfies Record<string, Binary>;

const unaryLoops = {
  neg(to, x) {
    for (let i = 0; i < to.length; i++) to[i] = -x[i];
  },
  abs(to, x) {
    for (let i = 0; i < to.length; i++) to[i] = Math.abs(x[i]);
  },
  sign(to, x) {
    for (let i = 0; i < to.length; i++) to[i] = Math.sign(x[i]);
  },
  square(to, x) {
    for (let i = 0; i < to.length; i++) to[i] = x[i] * x[i];
  },
  sqrt(to, x) {
    for (let i = 0; i < to.length; i++) to[i] = Math.sqrt(x[i]);
  },
} satisfies Record<string, Unary>;

const number = new Float64Array(1);

/** x ∘ y for two arrays of one shape, or with a number or 0-d array on one side. */
export function binary(name: keyof typeof binaryLoops, x: HostArray, y: HostArray | number): HostArray {
  const loop: Binary = binaryLoops[name];
  if (typeof y === 'number') {
    const result = make(x.shape);
    number[0] = y;
    loop(result.data, x.data, 1, number, 0);
    return result;
  }
  const strideX = x.shape.length === 0 && y.shape.length > 0 ? 0 : 1;
  const strideY = y.shape.length === 0 && x.shape.length > 0 ? 0 : 1;
  if (strideX === strideY) sameShape(name, x, y);
  const result = make(strideX === 0 ? y.shape : x.shape);
  loop(result.data, x.data, strideX, y.data, strideY);
  return result;
}

export function unary(name: keyof typeof unaryLoops, x: HostArray): HostArray {
  const result = make(x.shape);
  const loop: Unary = unaryLoops[name];
  loop(result.data, x.data);
  return result;
}

/** xᵖ, entry by entry. */
export function power(x: HostArray, exponent: number): HostArray {
  const result = make(x.shape);
  for (let i = 0; i < result.data.length; i++) result.data[i] = x.data[i] ** exponent;
  return result;
}

/** a·x + b·y. */
export function combine(a: number, x: HostArray, b: number, y: HostArray): HostArray {
  sameShape('combine', x, y);
  const result = make(x.shape);
  const to = result.data;
  const left = x.data;
  const right = y.data;
  for (let i = 0; i < to.length; i++) to[i] = a * left[i] + b * right[i];
  return result;
}

export function where(condition: HostArray, x: HostArray, y: HostArray): HostArray {
  sameShape('where', x, y);
  sameShape('where', condition, x);
  const result = make(x.shape);
  for (let i = 0; i < result.data.length; i++)
    result.data[i] = condition.data[i] !== 0 ? x.data[i] : y.data[i];
  return result;
}

/** @throws RangeError unless the shapes agree */
export function sameShape(name: string, x: HostArray, y: HostArray): void {
  const a = x.shape;
  const b = y.shape;
  if (a === b) return;
  let same = a.length === b.length;
  for (let i = 0; same && i < a.length; i++) same = a[i] === b[i];
  if (!same) throw new RangeError(`float64.${name}: expected equal shapes, got [${a}] and [${b}]`);
}
