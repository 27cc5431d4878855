import * as tf from '@tensorflow/tfjs';
import type { Algebra, MomentRule, MomentStep } from '../algebra/algebra.js';
import { box, joined } from '../algebra/host-boxes.js';
import { numbers } from '../algebra/numbers.js';
import { productShape } from '../algebra/product-shape.js';

/** A row-major float32 array of TensorFlow.js. */
type Tensor = tf.Tensor;
type Attributes = Parameters<ReturnType<typeof tf.engine>['runKernel']>[2];

/** Kernels are called by name: the wrappers of `tf.add` and its like check anew what is known here, at 1–2 µs. */
function kernel(name: string, inputs: { [name: string]: Tensor }, attributes?: Attributes): Tensor {
  return tf.engine().runKernel(name, inputs, attributes);
}

/** Whether the backend has this kernel of ours. Not on a tape: it knows only the gradients of stock kernels. */
function has(name: string): boolean {
  const engine = tf.engine();
  return engine.state.gradientDepth === 0 && tf.getKernel(name, engine.backendName) !== undefined;
}

function binary(name: string, where: string, x: Tensor, y: Tensor | number, own?: string): Tensor {
  if (typeof y === 'number') {
    if (own !== undefined && has(own)) return kernel(own, { x }, { value: y });
    const right = scalar(y);
    const result = kernel(name, { a: x, b: right });
    right.dispose();
    return result;
  }
  if (x.rank > 0 && y.rank > 0) sameShape(where, x, y);
  return kernel(name, { a: x, b: y });
}

function unary(name: string): (x: Tensor) => Tensor {
  return (x) => kernel(name, { x });
}

function scalar(value: number): Tensor {
  return tf.engine().makeTensor(Float32Array.of(value), [], 'float32');
}

function sameShape(name: string, x: Tensor, y: Tensor): void {
  const [a, b] = [x.shape, y.shape];
  let same = a.length === b.length;
  for (let i = 0; same && i < a.length; i++) same = a[i] === b[i];
  if (!same) throw new RangeError(`tensors.${name}: expected equal shapes, got [${a}] and [${b}]`);
}

function moments(m: Tensor, v: Tensor, u: Tensor, by: MomentRule): MomentStep<Tensor> {
  sameShape('moments', m, u);
  sameShape('moments', v, u);
  const { beta1, beta2, correction1, correction2, epsilon } = by;
  const numbers = [beta1, 1 - beta1, beta2, 1 - beta2, correction1, correction2, epsilon];
  const made: Tensor | Tensor[] = tf.engine().runKernel('FluxionMoments', { m, v, u }, { numbers });
  const [mean, square, direction] = made as Tensor[];
  return { mean, square, direction };
}

/** The values once the card has them; the array may be released meanwhile. */
async function valuesLater(x: Tensor): Promise<Float64Array> {
  const kept = tf.keep(kernel(tf.Identity, { x }));
  try {
    return Float64Array.from(await kept.data());
  } finally {
    kept.dispose();
  }
}

/** The result of an operation that takes several kernels, its intermediates freed at once. */
function freeing(body: () => Tensor): Tensor {
  const engine = tf.engine();
  engine.startScope();
  let result: Tensor | undefined;
  try {
    result = body();
    return result;
  } finally {
    engine.endScope(result);
  }
}

/** The arrays in what a scope returns; raw buffers hold none, and walking them is slow. */
function collect(node: unknown, found: Tensor[]): void {
  if (node === null || typeof node !== 'object' || ArrayBuffer.isView(node)) return;
  if (node instanceof tf.Tensor) found.push(node);
  else if (Array.isArray(node)) for (let i = 0; i < node.length; i++) collect(node[i], found);
  else for (const key in node) collect((node as { [key: string]: unknown })[key], found);
}

/**
 * The arithmetic of TensorFlow.js: float32 on whichever backend `useBackend` has chosen.
 *
 * Arrays made outside every scope live until `release`; inside a scope, only what it returns lives on.
 *
 * @example
 * await useBackend();
 * const x = tensors.array([1, 2, 3], [3]);
 * tensors.number(tensors.scope(() => tensors.sum(tensors.square(x)))); // 14
 */
export const tensors: Algebra<Tensor> = {
  name: 'tensors',
  epsilon: 2 ** -23,

  array(values, shape) {
    numbers('tensors.array', 'values', values);
    const length = shape.reduce((product, size) => product * size, 1);
    if (values.length !== length) {
      throw new RangeError(
        `tensors.array(values): expected ${shape.join('·') || 1} values, got ${values.length}`,
      );
    }
    return tf.engine().makeTensor(Float32Array.from(values), [...shape], 'float32');
  },
  fill(shape, value) {
    const length = shape.reduce((product, size) => product * size, 1);
    return tf.engine().makeTensor(new Float32Array(length).fill(value), [...shape], 'float32');
  },
  // A clone would share its memory with the original, which is safe: no kernel writes into its inputs.
  copy: unary(tf.Identity),
  isArray: (x): x is Tensor => x instanceof tf.Tensor,
  shape: (x) => x.shape,
  number(x) {
    if (x.size !== 1) throw new RangeError(`tensors.number(x): expected one entry, got shape [${x.shape}]`);
    return x.dataSync()[0];
  },
  values: (x) => Float64Array.from(x.dataSync()),
  get later() {
    return tf.engine().backendName === 'webgpu' ? valuesLater : undefined;
  },

  add: (x, y) => binary(tf.Add, 'add', x, y, 'FluxionAddNumber'),
  sub: (x, y) => (typeof y === 'number' ? tensors.add(x, -y) : binary(tf.Sub, 'sub', x, y)),
  mul: (x, y) => binary(tf.Multiply, 'mul', x, y, 'FluxionMulNumber'),
  div: (x, y) => binary(tf.RealDiv, 'div', x, y, 'FluxionDivNumber'),
  min: (x, y) => binary(tf.Minimum, 'min', x, y),
  max: (x, y) => binary(tf.Maximum, 'max', x, y),
  combine(a, x, b, y) {
    sameShape('combine', x, y);
    if (has('FluxionCombine')) return kernel('FluxionCombine', { x, y }, { a, b });
    return freeing(() => {
      const left = a === 1 ? x : tensors.mul(x, a);
      const right = b === 1 ? y : tensors.mul(y, b);
      return tensors.add(left, right);
    });
  },
  neg: unary(tf.Neg),
  abs: unary(tf.Abs),
  sign: unary(tf.Sign),
  square: unary(tf.Square),
  sqrt: unary(tf.Sqrt),
  pow: (x, exponent) => binary(tf.Pow, 'pow', x, exponent),
  greater: (x, y) =>
    freeing(() => kernel(tf.Cast, { x: binary(tf.Greater, 'greater', x, y) }, { dtype: 'float32' })),
  where(condition, x, y) {
    sameShape('where', x, y);
    sameShape('where', condition, x);
    return freeing(() =>
      kernel(tf.Select, {
        condition: kernel(tf.NotEqual, { a: condition, b: scalar(0) }),
        t: x,
        e: y,
      }),
    );
  },

  get moments() {
    return has('FluxionMoments') ? moments : undefined;
  },

  sum: (x) => freeing(() => tf.sum(x)),
  dot(x, y) {
    sameShape('dot', x, y);
    if (has('FluxionDot')) return kernel('FluxionDot', { x, y });
    return freeing(() => tf.sum(kernel(tf.Multiply, { a: x, b: y })));
  },
  finite: (x) => freeing(() => tf.cast(tf.all(kernel(tf.IsFinite, { x })), 'float32')),

  matmul(x, y, transposeX = false, transposeY = false) {
    productShape('tensors', x.shape, y.shape, transposeX, transposeY);
    return kernel(tf.BatchMatMul, { a: x, b: y }, { transposeA: transposeX, transposeB: transposeY });
  },
  transpose(x) {
    if (x.rank !== 2) throw new RangeError(`tensors.transpose(x): expected a matrix, got shape [${x.shape}]`);
    return kernel(tf.Transpose, { x }, { perm: [1, 0] });
  },
  reshape(x, shape) {
    const length = shape.reduce((product, size) => product * size, 1);
    if (length !== x.size) {
      throw new RangeError(`tensors.reshape(shape): expected ${x.size} entries, got shape [${shape}]`);
    }
    return kernel(tf.Reshape, { x }, { shape: [...shape] });
  },
  slice(x, begin, size) {
    box('tensors', x.shape, begin, size);
    if (x.rank === 0) return tensors.copy(x); // the kernel reads beyond a 0-d array
    return kernel(tf.Slice, { x }, { begin: [...begin], size: [...size] });
  },
  concat(xs, axis) {
    joined(
      'tensors',
      xs.map(({ shape }) => shape),
      axis,
    );
    return kernel(tf.Concat, xs as unknown as { [name: string]: Tensor }, { axis });
  },

  scope(body) {
    const engine = tf.engine();
    engine.startScope();
    const kept: Tensor[] = [];
    try {
      const result = body();
      collect(result, kept);
      return result;
    } finally {
      engine.endScope(kept);
    }
  },
  release(x) {
    if (x.isDisposed) throw new Error('tensors.release: this array was released before');
    x.dispose();
  },
  live: () => tf.memory().numTensors,
};
