import type { Algebra } from './algebra.js';

/** A row-major float64 array on the host. Make one with `float64.array`. */
export class HostArray {
  /** Bookkeeping of `float64`: the scope that will free it, and whether it has been given back. */
  owner: HostArray[] | null = null;
  spare = false;

  constructor(
    readonly data: Float64Array,
    public shape: readonly number[],
  ) {}
}

/** Arrays given back, by length: a fresh Float64Array of 10 entries costs more than a BFGS step on it. */
const pool = new Map<number, HostArray[]>();
/** No more spare arrays than this are kept of one length, and none beyond this length. */
const mostSpares = 256;
const longestSpare = 1 << 16;

let made: HostArray[] | null = null; // what the innermost scope will free
let depth = 0;
const scopes: HostArray[][] = []; // one list a depth, used again by the next scope that deep
let alive = 0;

function make(shape: readonly number[]): HostArray {
  let length = 1;
  for (let i = 0; i < shape.length; i++) length *= shape[i];
  let array = pool.get(length)?.pop();
  if (array === undefined) array = new HostArray(new Float64Array(length), shape);
  else array.shape = shape;
  array.spare = false;
  array.owner = made;
  if (made !== null) made.push(array);
  alive++;
  return array;
}

function free(array: HostArray): void {
  if (array.spare) throw new Error('float64.release: this array was released before');
  array.spare = true;
  array.owner = null;
  alive--;
  const { length } = array.data;
  if (length > longestSpare) return;
  const spares = pool.get(length);
  if (spares === undefined) pool.set(length, [array]);
  else if (spares.length < mostSpares) spares.push(array);
}

/** Hands every array in `result` that `scope` would free over to the enclosing scope. */
function save(result: unknown, scope: HostArray[], outer: HostArray[] | null): void {
  if (result === null || typeof result !== 'object') return;
  if (result instanceof HostArray) {
    if (result.owner !== scope) return;
    result.owner = outer;
    if (outer !== null) outer.push(result);
  } else if (Array.isArray(result)) {
    for (let i = 0; i < result.length; i++) save(result[i], scope, outer);
  } else {
    for (const key in result) save((result as Record<string, unknown>)[key], scope, outer);
  }
}

function map(x: HostArray, f: (a: number) => number): HostArray {
  const result = make(x.shape);
  const to = result.data;
  const from = x.data;
  for (let i = 0; i < to.length; i++) to[i] = f(from[i]);
  return result;
}

/** The rule of binary operations: one shape, or a number or 0-d array on one side. */
function binary(
  name: string,
  x: HostArray,
  y: HostArray | number,
  f: (a: number, b: number) => number,
): HostArray {
  if (typeof y === 'number') {
    const result = make(x.shape);
    const to = result.data;
    const from = x.data;
    for (let i = 0; i < to.length; i++) to[i] = f(from[i], y);
    return result;
  }
  if (y.shape.length === 0 && x.shape.length > 0) return binary(name, x, y.data[0], f);
  const result = make(y.shape);
  const to = result.data;
  const right = y.data;
  if (x.shape.length === 0 && y.shape.length > 0) {
    const left = x.data[0];
    for (let i = 0; i < to.length; i++) to[i] = f(left, right[i]);
  } else {
    sameShape(name, x, y);
    const left = x.data;
    for (let i = 0; i < to.length; i++) to[i] = f(left[i], right[i]);
  }
  return result;
}

function sameShape(name: string, x: HostArray, y: HostArray): void {
  const [a, b] = [x.shape, y.shape];
  let same = a.length === b.length;
  for (let i = 0; same && i < a.length; i++) same = a[i] === b[i];
  if (!same) throw new RangeError(`float64.${name}: expected equal shapes, got [${a}] and [${b}]`);
}

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
    const result = make([...shape]);
    if (values.length !== result.data.length) {
      free(result);
      throw new RangeError(
        `float64.array(values): expected ${shape.join('·') || 1} values, got ${values.length}`,
      );
    }
    result.data.set(values);
    return result;
  },
  fill(shape, value) {
    const result = make([...shape]);
    result.data.fill(value);
    return result;
  },
  copy(x) {
    const result = make(x.shape);
    result.data.set(x.data);
    return result;
  },
  isArray: (x): x is HostArray => x instanceof HostArray,
  shape: (x) => x.shape,
  number(x) {
    if (x.data.length !== 1)
      throw new RangeError(`float64.number(x): expected one entry, got shape [${x.shape}]`);
    return x.data[0];
  },
  values: (x) => x.data.slice(),

  add: (x, y) => binary('add', x, y, (a, b) => a + b),
  sub: (x, y) => binary('sub', x, y, (a, b) => a - b),
  mul: (x, y) => binary('mul', x, y, (a, b) => a * b),
  div: (x, y) => binary('div', x, y, (a, b) => a / b),
  min: (x, y) => binary('min', x, y, Math.min),
  max: (x, y) => binary('max', x, y, Math.max),
  combine(a, x, b, y) {
    sameShape('combine', x, y);
    const result = make(x.shape);
    const to = result.data;
    const left = x.data;
    const right = y.data;
    for (let i = 0; i < to.length; i++) to[i] = a * left[i] + b * right[i];
    return result;
  },
  neg: (x) => map(x, (a) => -a),
  abs: (x) => map(x, Math.abs),
  sign: (x) => map(x, Math.sign),
  square: (x) => map(x, (a) => a * a),
  sqrt: (x) => map(x, Math.sqrt),
  exp: (x) => map(x, Math.exp),
  log: (x) => map(x, Math.log),
  pow: (x, exponent) => map(x, (a) => a ** exponent),
  greater: (x, y) => binary('greater', x, y, (a, b) => (a > b ? 1 : 0)),
  where(condition, x, y) {
    sameShape('where', x, y);
    sameShape('where', condition, x);
    const result = make(x.shape);
    for (let i = 0; i < result.data.length; i++) {
      result.data[i] = condition.data[i] !== 0 ? x.data[i] : y.data[i];
    }
    return result;
  },

  sum(x) {
    let total = 0;
    for (let i = 0; i < x.data.length; i++) total += x.data[i];
    return float64.fill([], total);
  },
  dot(x, y) {
    sameShape('dot', x, y);
    let total = 0;
    for (let i = 0; i < x.data.length; i++) total += x.data[i] * y.data[i];
    return float64.fill([], total);
  },
  finite(x) {
    let finite = 1;
    for (let i = 0; i < x.data.length; i++) if (!Number.isFinite(x.data[i])) finite = 0;
    return float64.fill([], finite);
  },

  matmul(x, y, transposeX = false, transposeY = false) {
    if (x.shape.length !== 2 || y.shape.length !== 2) {
      throw new RangeError(`float64.matmul: expected two matrices, got shapes [${x.shape}] and [${y.shape}]`);
    }
    const [m, inner] = transposeX ? [x.shape[1], x.shape[0]] : x.shape;
    const [innerY, n] = transposeY ? [y.shape[1], y.shape[0]] : y.shape;
    if (inner !== innerY) throw new RangeError(`float64.matmul: inner lengths ${inner} and ${innerY} differ`);
    const result = float64.fill([m, n], 0);
    const [rowX, columnX] = transposeX ? [1, m] : [inner, 1];
    const [rowY, columnY] = transposeY ? [1, inner] : [n, 1];
    for (let i = 0; i < m; i++) {
      for (let k = 0; k < inner; k++) {
        const left = x.data[i * rowX + k * columnX];
        for (let j = 0; j < n; j++) result.data[i * n + j] += left * y.data[k * rowY + j * columnY];
      }
    }
    return result;
  },
  transpose(x) {
    if (x.shape.length !== 2)
      throw new RangeError(`float64.transpose(x): expected a matrix, got shape [${x.shape}]`);
    const [m, n] = x.shape;
    const result = make([n, m]);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) result.data[j * m + i] = x.data[i * n + j];
    return result;
  },
  reshape(x, shape) {
    return float64.array(x.data, shape);
  },

  scope(body) {
    const outer = made;
    const own = (scopes[depth] ??= []);
    made = own;
    depth++;
    let result: ReturnType<typeof body>;
    try {
      result = body();
      save(result, own, outer);
      return result;
    } finally {
      for (let i = 0; i < own.length; i++) if (own[i].owner === own) free(own[i]);
      own.length = 0;
      depth--;
      made = outer;
    }
  },
  release: free,
  live: () => alive,
};
