import * as tf from '@tensorflow/tfjs';

/** An optimizer of TensorFlow.js, or anything that is given gradients by the names of variables. */
export interface GradientApplier {
  applyGradients(gradients: { [variable: string]: tf.Tensor }): void;
  dispose?(): void;
}

let count = 0;

/**
 * An optimizer at work on variables of its own, moved from without by plain numbers.
 *
 * Variables are float32. `step` answers the parameters after one step from x; `dispose` frees everything.
 *
 * @example
 * const running = appliedGradients(tf.train.adam(0.1), [1, 2], [[2]]);
 * running.step([1, 2], [0.5, -0.5]); // Float64Array [0.9, 2.1], nearly
 */
export function appliedGradients(
  optimizer: GradientApplier,
  x: ArrayLike<number>,
  shapes: readonly (readonly number[])[],
): {
  step(x: ArrayLike<number>, gradient: ArrayLike<number>): Float64Array;
  dispose(): void;
} {
  const leaves = (values: ArrayLike<number>) => {
    let at = 0;
    return shapes.map((shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      at += size;
      const own = Float32Array.from({ length: size }, (_, i) => values[at - size + i]);
      return tf.tensor(own, [...shape], 'float32');
    });
  };
  const variables = leaves(x).map((tensor) => {
    const variable = tf.variable(tensor, true, `applied/${count++}`);
    tensor.dispose();
    return variable;
  });
  return {
    step(at, gradient) {
      tf.tidy(() => {
        leaves(at).forEach((tensor, i) => {
          variables[i].assign(tensor.clone());
        });
        const given = leaves(gradient);
        optimizer.applyGradients(Object.fromEntries(variables.map(({ name }, i) => [name, given[i]])));
      });
      return Float64Array.from(variables.flatMap((variable) => [...variable.dataSync()]));
    },
    dispose() {
      for (const variable of variables) variable.dispose();
      optimizer.dispose?.();
    },
  };
}
