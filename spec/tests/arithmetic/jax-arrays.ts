import { type Array as JaxArray, numpy as np } from '@jax-js/jax';
import { box, joined } from '../../../src/algebra/host-boxes.js';
import { productShape } from '../../../src/algebra/product-shape.js';
import type { Algebra } from '../../../src/index.js';

export type { JaxArray };

/** The arithmetic of jax-js, and what its user needs beside the algebra: to hand in what jax-js itself has made. */
export interface JaxArithmetic extends Algebra<JaxArray> {
  /** Takes an array into the scope at hand. */
  own(x: JaxArray): JaxArray;
}

// jax-js asks every array whether it is a Float16Array, which Node has from 24 on.
(globalThis as { Float16Array?: unknown }).Float16Array ??= class {};

const kinds = {
  float32: { epsilon: 2 ** -23, Entries: Float32Array, dtype: np.float32 },
  float64: { epsilon: 2 ** -52, Entries: Float64Array, dtype: np.float64 },
};

/**
 * A third arithmetic: the arrays of jax-js, on its WebAssembly device.
 *
 * jax-js counts references and lets every call consume what it is given; here an array is read by any number of
 * operations, and lives until its scope ends. So operands are handed over by `.ref`, and each array is owned once.
 */
export function jaxArrays(kind: keyof typeof kinds): JaxArithmetic {
  const { epsilon, Entries, dtype } = kinds[kind];
  const alive = new Set<JaxArray>();
  const scopes: Set<JaxArray>[] = [];

  function own(x: JaxArray): JaxArray {
    const mine = alive.has(x) ? x.mul(1) : x; // a reshape to the same shape is the same object
    alive.add(mine);
    scopes.at(-1)?.add(mine);
    return mine;
  }

  /** A number as an operand. A constant would be compiled into the kernel: a kernel for each value. */
  const scalar = (value: number) => np.array(Entries.of(value, value === 0 ? 1 : 0)).slice(0);

  const operand = (x: JaxArray, y: JaxArray | number, where: string): JaxArray => {
    if (typeof y === 'number') return scalar(y);
    if (x.ndim > 0 && y.ndim > 0) sameShape(where, x, y);
    return y.ref;
  };
  const sameShape = (where: string, x: JaxArray, y: JaxArray) => {
    if (`${x.shape}` === `${y.shape}`) return;
    throw new RangeError(`${kind}.${where}: expected equal shapes, got [${x.shape}] and [${y.shape}]`);
  };
  const binary =
    (where: string, call: (x: JaxArray, y: JaxArray) => JaxArray) => (x: JaxArray, y: JaxArray | number) =>
      own(call(x.ref, operand(x, y, where)));
  const unary = (call: (x: JaxArray) => JaxArray) => (x: JaxArray) => own(call(x.ref));

  /**
   * x^p, where p is a whole number of quarters by roots and products: through exp and log, as jax-js takes every power,
   * it is right to single precision only, in float64 too.
   */
  function power(x: JaxArray, p: number): JaxArray {
    const quarters = Math.abs(p) * 4;
    if (!Number.isInteger(quarters) || quarters === 0 || quarters > 16) return np.power(x.ref, scalar(p));
    const factors = Array.from({ length: quarters >> 2 }, () => x.ref);
    if (quarters & 2) factors.push(np.sqrt(x.ref));
    if (quarters & 1) factors.push(np.sqrt(np.sqrt(x.ref)));
    const product = factors.reduce((left, right) => left.mul(right));
    return p < 0 ? np.reciprocal(product) : product;
  }

  function collect(node: unknown, found: Set<JaxArray>): void {
    if (node === null || typeof node !== 'object' || ArrayBuffer.isView(node)) return;
    if (algebra.isArray(node)) found.add(node);
    else for (const child of Object.values(node)) collect(child, found);
  }

  const algebra: JaxArithmetic = {
    name: kind,
    epsilon,
    own,

    array(values, shape) {
      const length = shape.reduce((product, size) => product * size, 1);
      if (values.length !== length) {
        throw new RangeError(
          `${kind}.array(values): expected ${shape.join('·') || 1} values, got ${values.length}`,
        );
      }
      return own(np.array(Entries.from(values), { shape: [...shape], dtype }));
    },
    fill: (shape, value) => own(np.full([...shape], value, { dtype })),
    copy: unary((x) => x.mul(1)),
    isArray: (x): x is JaxArray => typeof x === 'object' && x !== null && alive.has(x as JaxArray),
    shape: (x) => x.shape,
    number(x) {
      if (x.size !== 1) throw new RangeError(`${kind}.number(x): expected one entry, got shape [${x.shape}]`);
      return Number(x.ref.dataSync()[0]);
    },
    values: (x) => Float64Array.from(x.ref.dataSync() as Float32Array),

    add: binary('add', (x, y) => x.add(y)),
    sub: binary('sub', (x, y) => x.sub(y)),
    mul: binary('mul', (x, y) => x.mul(y)),
    div: binary('div', (x, y) => x.div(y)),
    min: binary('min', np.minimum),
    max: binary('max', np.maximum),
    combine(a, x, b, y) {
      sameShape('combine', x, y);
      return own(x.ref.mul(scalar(a)).add(y.ref.mul(scalar(b))));
    },
    neg: unary(np.negative),
    abs: unary(np.absolute),
    sign: unary(np.sign),
    square: unary(np.square),
    sqrt: unary(np.sqrt),
    pow: (x, exponent) => own(power(x, exponent)),
    greater: binary('greater', (x, y) => x.greater(y).astype(dtype)),
    where(condition, x, y) {
      sameShape('where', x, y);
      sameShape('where', condition, x);
      return own(np.where(condition.ref.notEqual(scalar(0)), x.ref, y.ref));
    },

    sum: unary((x) => x.sum()),
    dot(x, y) {
      sameShape('dot', x, y);
      return own(x.ref.mul(y.ref).sum());
    },
    finite: unary((x) => np.isfinite(x).all().astype(dtype)),

    matmul(x, y, transposeX = false, transposeY = false) {
      productShape(kind, x.shape, y.shape, transposeX, transposeY);
      const turned = (z: JaxArray) => np.matrixTranspose(z.ref);
      return own(np.matmul(transposeX ? turned(x) : x.ref, transposeY ? turned(y) : y.ref));
    },
    transpose(x) {
      if (x.ndim !== 2) {
        throw new RangeError(`${kind}.transpose(x): expected a matrix, got shape [${x.shape}]`);
      }
      return own(np.transpose(x.ref));
    },
    reshape(x, shape) {
      const length = shape.reduce((product, size) => product * size, 1);
      if (length !== x.size) {
        throw new RangeError(`${kind}.reshape(shape): expected ${x.size} entries, got shape [${shape}]`);
      }
      return own(x.ref.reshape([...shape]));
    },
    slice(x, begin, size) {
      box(kind, x.shape, begin, size);
      return own(x.ref.slice(...size.map((length, i): [number, number] => [begin[i], begin[i] + length])));
    },
    concat(xs, axis) {
      joined(
        kind,
        xs.map(({ shape }) => shape),
        axis,
      );
      return own(
        np.concatenate(
          xs.map((x) => x.ref),
          axis,
        ),
      );
    },

    scope(body) {
      const made = new Set<JaxArray>();
      const kept = new Set<JaxArray>();
      scopes.push(made);
      try {
        const result = body();
        collect(result, kept);
        return result;
      } finally {
        scopes.pop();
        for (const x of made) {
          if (kept.has(x)) scopes.at(-1)?.add(x);
          else algebra.release(x);
        }
      }
    },
    release(x) {
      if (!alive.delete(x)) throw new Error(`${kind}.release: this array was released before`);
      for (const made of scopes) made.delete(x);
      x.dispose();
    },
    live: () => alive.size,
  };
  return algebra;
}
