import * as tf from '@tensorflow/tfjs';
import { Random } from '../../../../src/index.js';
import { type Derivatives, derivatives, drawn, recorded } from './derivatives.js';
import type { Op } from './ops.js';

const ε = 2 ** -23;

/** What one backend makes of an operation: numbers, or what it throws. */
export interface Behaviour {
  readonly derivatives: Derivatives | string;
  /** The message of the first derivative's error, where only the second is refused. */
  readonly gradient: readonly number[] | string;
  /** Of a recorded pass: Jv and Jᵀu one after the other. */
  readonly products: readonly number[] | string;
  /** For each input and each special value put into it, the kinds of the outputs' entries. */
  readonly special: readonly string[];
}

/** NaN as written and as computed (its sign bit set), and both infinities: their bits. */
export const specials = { NaN: 0x7fc00000, '−NaN': 0xffc00000, '∞': 0x7f800000, '−∞': 0xff800000 };

/** On the backend in use. */
export function behaviour(op: Op): Behaviour {
  const random = new Random(7);
  const [x, v] = [drawn(op, random), drawn(op, random, true)];
  const attempt = <T>(body: () => T): T | string => {
    try {
      return body();
    } catch (error) {
      return (error as Error).message;
    }
  };
  const none = x.map((entries) => entries.map(() => 0));
  const at = () => derivatives(tf, op, new Random(3));
  return {
    derivatives: attempt(() => at()(x, v)),
    gradient: attempt(() => at()(x, none, false).gradient),
    products: attempt(() => {
      const weights = (size: number) => Array.from(new Random(5).normals(size), Math.fround);
      const { tangent, gradient } = recorded(tf, op, x, v, weights);
      return [...tangent, ...gradient];
    }),
    special: x.flatMap((_, i) =>
      Object.values(specials).map((bits) => attempt(() => withSpecial(op, x, i, bits))),
    ),
  };
}

/** The same on the CPU in float64: what `float64.test.ts` holds against differences. */
export const reference = (op: Op) =>
  inFloat64(() => {
    const { derivatives, products } = behaviour(op);
    return { ...(derivatives as Derivatives), products: products as readonly number[] };
  });

/** With Float64Array in the place of Float32Array, the CPU backend computes in float64. */
export function inFloat64<T>(body: () => T): T {
  const single = globalThis.Float32Array;
  globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
  try {
    return body();
  } finally {
    globalThis.Float32Array = single;
  }
}

/** Whether numbers agree within class K: 30·n·ε of the largest, n entries going into each; fits of kernels aside. */
export function agree(op: Op, found: readonly number[], wanted: readonly number[]): boolean {
  const n = op.inputs.reduce((size, { shape }) => size + shape.reduce((a, b) => a * b, 1), 0);
  const most = Math.max(...wanted.map(Math.abs));
  const tolerance = 30 * n * ε * most;
  return (
    found.length === wanted.length && found.every((entry, i) => Math.abs(entry - wanted[i]) <= tolerance)
  );
}

/** The entry into which special values are put. */
const place = (size: number) => size >> 1;

function withSpecial(op: Op, x: readonly (readonly number[])[], input: number, bits: number): string {
  return computed(op, x, input, (entries) => {
    new Uint32Array(entries.buffer)[place(entries.length)] = bits;
  })
    .map((entry) => (Number.isNaN(entry) ? 'n' : entry === Infinity ? '+' : entry === -Infinity ? '-' : '.'))
    .join('');
}

function computed(
  op: Op,
  x: readonly (readonly number[])[],
  input: number,
  change: (entries: Float32Array) => void,
): number[] {
  return tf.tidy(() => {
    const tensors = x.map((entries, i) => {
      const own = Float32Array.from(entries);
      if (i === input) change(own);
      return tf.engine().makeTensor(own, [...op.inputs[i].shape], 'float32') as tf.Tensor;
    });
    return [...op.compute(tf, ...tensors).dataSync()];
  });
}

/** For each input, which entries of the output its entry at `place` goes into: those that move when it does, far too. */
export function dependent(op: Op): string[] {
  const x = drawn(op, new Random(7));
  return x.map((_, i) => {
    const moved = (by: number) =>
      computed(op, x, i, (entries) => {
        entries[place(entries.length)] += by;
      });
    const [as, ...others] = [0, -0.01, 0.01, -100, 100].map(moved);
    return as.map((entry, k) => (others.some((other) => other[k] !== entry) ? 'n' : '.')).join('');
  });
}
