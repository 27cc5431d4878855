import { grad, type JsTree, jit, jvp, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { matrixFree } from '../../../src/curvature/matrix-free.js';
import { mapTree, type Random, type Tree } from '../../../src/index.js';
import type { Examples, Problem } from '../../../src/objective/problem.js';
import { initializers } from '../../../src/tensors/initializer.js';
import type { JaxArithmetic, JaxArray } from './jax-arrays.js';

/** Examples as jax-js has them: inputs [n, in] and one row of ones and zeros for each label [n, classes]. */
export interface JaxBatch {
  readonly inputs: JaxArray;
  readonly targets: JaxArray;
}

/** Images with their classes, kept as bytes on the host. */
export function jaxExamples(
  algebra: JaxArithmetic,
  { images, labels }: { readonly images: Uint8Array; readonly labels: Uint8Array },
  classes = 10,
): Examples<JaxBatch> {
  const width = images.length / labels.length;
  return {
    name: 'images',
    size: labels.length,
    batch(positions) {
      const inputs = new Float64Array(positions.length * width);
      const targets = new Float64Array(positions.length * classes);
      positions.forEach((position, row) => {
        for (let i = 0; i < width; i++) inputs[row * width + i] = images[position * width + i] / 255;
        targets[row * classes + labels[position]] = 1;
      });
      return {
        inputs: algebra.array(inputs, [positions.length, width]),
        targets: algebra.array(targets, [positions.length, classes]),
      };
    },
    release({ inputs, targets }) {
      for (const x of [inputs, targets]) algebra.release(x);
    },
  };
}

/** Layers without a name of their own: jax-js differentiates through plain lists and records. */
type Layers = { [layer: string]: { kernel: JaxArray; bias: JaxArray } };

/** Softmax cross-entropy of a multilayer perceptron; derivatives of first and second order are those of jax-js. */
export function jaxMlp(algebra: JaxArithmetic, widths: readonly number[]): Problem<JaxArray, JaxBatch> {
  const names = widths.slice(1).map((_, i) => `layer${i + 1}`);

  const outputs = (layers: Layers, inputs: JaxArray) =>
    names.reduce((hidden, name, i) => {
      const sum = np.matmul(hidden, layers[name].kernel).add(layers[name].bias);
      return i === names.length - 1 ? sum : nn.relu(sum);
    }, inputs);
  const loss = (layers: Layers, inputs: JaxArray, targets: JaxArray) => {
    const rows = inputs.shape[0];
    return nn
      .logSoftmax(outputs(layers, inputs), -1)
      .mul(targets)
      .sum()
      .mul(-1 / rows);
  };

  const value = jit(loss);
  const valueAndGradient = jit(valueAndGrad(loss));
  const product = jit((layers: Layers, v: Layers, inputs: JaxArray, targets: JaxArray) => {
    const gradient = (at: Layers) => grad(loss)(at, inputs.ref, targets.ref) as Layers;
    const [ignored, along] = jvp(gradient, [layers], [v]) as unknown as [Layers, Layers];
    for (const { kernel, bias } of Object.values(ignored)) for (const x of [kernel, bias]) x.dispose();
    inputs.dispose();
    targets.dispose();
    return along;
  });

  /** Handed over to jax-js, which consumes what it is given. */
  const lent = (tree: Tree<JaxArray>) => mapTree(algebra, (x) => x.ref, tree) as unknown as Layers;
  const taken = (tree: JsTree<JaxArray>) =>
    Object.fromEntries(
      Object.entries(tree as Layers).map(([name, { kernel, bias }]) => [
        name,
        { kernel: algebra.own(kernel), bias: algebra.own(bias) },
      ]),
    ) as Tree<JaxArray>;

  return {
    name: `jax-js mlp(${widths.join('-')})`,
    algebra,
    start(random: Random) {
      return Object.fromEntries(
        names.map((name, i) => [
          name,
          {
            kernel: algebra.array(initializers.he(random, widths[i], widths[i + 1]), [
              widths[i],
              widths[i + 1],
            ]),
            bias: algebra.fill([widths[i + 1]], 0),
          },
        ]),
      );
    },
    value: (parameters, { inputs, targets }) => algebra.own(value(lent(parameters), inputs.ref, targets.ref)),
    valueAndGradient(parameters, { inputs, targets }) {
      const [loss, gradient] = valueAndGradient(lent(parameters), inputs.ref, targets.ref);
      return { value: algebra.own(loss), gradient: taken(gradient as JsTree<JaxArray>) };
    },
    curvatures: ['hessian'],
    curvature: (_, parameters, { inputs, targets }) =>
      matrixFree(
        algebra,
        'hessian',
        (v) => taken(product(lent(parameters), lent(v), inputs.ref, targets.ref)),
        parameters,
        { symmetric: true },
      ),
  };
}
