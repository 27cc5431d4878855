import type * as Tf from '@tensorflow/tfjs';
import type { Random } from '../../../../src/index.js';
import { recordPass } from '../../../../src/tensors/recorded-pass.js';
import type { Op } from './ops.js';

/** Entries for the inputs of an operation, within its ranges; for a direction, normal deviates. */
export function drawn(op: Op, random: Random, direction = false): number[][] {
  return op.inputs.map(({ shape, range }) => {
    const deviates = random.normals(shape.reduce((size, n) => size * n, 1));
    const entries = Array.from(deviates, (deviate) => {
      if (direction || range === undefined) return deviate;
      const [low, high] = range;
      return low + (high - low) * (0.5 + Math.atan(deviate) / Math.PI);
    });
    return entries.map(Math.fround);
  });
}

export interface Derivatives {
  readonly value: number;
  /** Of all inputs one after the other. */
  readonly gradient: readonly number[];
  /** H·v. */
  readonly product: readonly number[];
}

/**
 * Value, gradient and Hessian-vector product of Σ w·y + ½ Σ y² for an operation y of its inputs, so that the
 * second derivative of a linear one is not zero. The weights w are drawn once.
 */
export function derivatives(tf: typeof Tf, op: Op, random: Random) {
  let weights: number[] | undefined;
  const loss = (...x: Tf.Tensor[]) => {
    const y = op.compute(tf, ...x);
    weights ??= Array.from(random.normals(y.size), Math.fround);
    return tf.add(tf.sum(tf.mul(tf.tensor(weights, y.shape), y)), tf.mul(0.5, tf.sum(tf.square(y))));
  };
  const flat = (parts: readonly Tf.Tensor[]) => parts.flatMap((part) => [...part.dataSync()]);
  return (x: readonly number[][], v: readonly number[][], second = true): Derivatives => {
    tf.engine().startScope();
    try {
      const tensors = (entries: readonly number[][]) =>
        entries.map((own, i) => tf.tensor(own, [...op.inputs[i].shape], 'float32'));
      const [point, direction] = [tensors(x), tensors(v)];
      const slope = (...at: Tf.Tensor[]) =>
        tf.addN(
          tf
            .grads(loss)(at)
            .map((gradient, i) => tf.sum(tf.mul(gradient, direction[i]))),
        );
      return {
        value: loss(...point).dataSync()[0],
        gradient: flat(tf.grads(loss)(point)),
        product: second ? flat(tf.grads(slope)(point)) : [],
      };
    } finally {
      tf.engine().endScope();
    }
  };
}

/** y of an operation, its tangent Jv, and Jᵀu, by the pass that is recorded. */
export function recorded(
  tf: typeof Tf,
  op: Op,
  x: readonly (readonly number[])[],
  v: readonly (readonly number[])[],
  u: (size: number) => readonly number[],
): { readonly value: number[]; readonly tangent: number[]; readonly gradient: number[] } {
  const tensors = (entries: readonly (readonly number[])[]) =>
    entries.map((own, i) => tf.tensor([...own], [...op.inputs[i].shape], 'float32'));
  return tf.tidy(() => {
    const [point, direction] = [tensors(x), tensors(v)];
    const { outputs, push, pull } = recordPass(() => [op.compute(tf, ...point)], point);
    const weights = tf.tensor([...u(outputs[0].size)], outputs[0].shape, 'float32');
    const flat = (parts: readonly Tf.Tensor[]) => parts.flatMap((part) => [...part.dataSync()]);
    return {
      value: flat(outputs),
      tangent: flat(push(direction)),
      gradient: flat(pull([weights]).map((part, i) => part ?? tf.zerosLike(point[i]))),
    } as unknown as Tf.TensorContainerObject;
  }) as unknown as ReturnType<typeof recorded>;
}
