import * as tf from '@tensorflow/tfjs';
import { entries, mapTree, type Tree } from '../algebra/tree.js';
import { gradientTree } from './gradient.js';
import { layersOf } from './layers.js';
import { recordProvenance } from './provenance.js';
import { type RecordedPass, recordPass } from './recorded-pass.js';
import { tensors } from './tensors.js';

/** uᵢᵀJᵢ of each example i from one backward pass, where the tape tells them; see {@link exampleRows}. */
export function rowsFromTape(
  pass: RecordedPass,
  parameters: Tree<tf.Tensor>,
  u: tf.Tensor,
  examples: number,
): Tree<tf.Tensor> | undefined {
  const rows = pass.pullRows(u, examples);
  if (rows === undefined) return undefined;
  let next = 0;
  return mapTree(
    tensors,
    ({ shape }) => {
      const row = rows[next++];
      return row === null ? tf.zeros([examples, ...shape]) : tf.reshape(row, [examples, ...shape]);
    },
    parameters,
  );
}

/**
 * uᵢᵀJᵢ of each example i from one backward pass, where every parameter belongs to a layer: for W of x·W it is the sum
 * over the example's rows of xᵀD, D the derivative by x·W. Undefined where some parameter belongs to none.
 */
export function rowsByLayer(
  pass: RecordedPass,
  transposed: ReadonlySet<object>,
  parameters: Tree<tf.Tensor>,
  u: tf.Tensor,
  examples: number,
): Tree<tf.Tensor> | undefined {
  const found = entries(tensors, parameters);
  const { result, provenance } = recordProvenance(() => pass.pullProducts([u]));
  try {
    const { layers, unmatched } = layersOf(found, result, provenance, transposed, examples);
    const rows = new Map<string, tf.Tensor>();
    if (unmatched.length === 0) {
      for (const { kernel, bias, inputs, errors, sharing } of layers) {
        const x = tf.reshape(inputs, [examples, sharing, -1]);
        const d = tf.reshape(errors, [examples, sharing, -1]);
        rows.set(kernel, tf.matMul(x, d, true));
        if (bias !== undefined) rows.set(bias, tf.sum(d, 1));
      }
    }
    for (const { inputs, errors } of layers) tf.dispose([inputs, errors]);
    if (unmatched.length > 0) return undefined;
    let next = 0; // leaves are visited in the order of `entries`
    const shaped = (x: tf.Tensor): tf.Tensor =>
      tf.reshape(rows.get(found[next++][0])!, [examples, ...x.shape]);
    return mapTree(tensors, shaped, parameters);
  } finally {
    provenance.release();
  }
}

/**
 * uᵢᵀJᵢ of each example i and each u, from a pass of its own: through the model on that example alone where it is
 * known, else through all with every other row of u set to 0. What is random in training falls otherwise for an example
 * alone.
 */
export function rowsByExample(
  pass: RecordedPass,
  parameters: Tree<tf.Tensor>,
  us: readonly tf.Tensor[],
  examples: number,
  one?: (example: number) => tf.Tensor,
): Tree<tf.Tensor> {
  const xs = entries(tensors, parameters).map(([, leaf]) => leaf);
  const count = us[0].shape[0] / examples; // rows of one example: more than one where each token is a term
  const rows: tf.Tensor[][] = [];
  for (let i = 0; i < examples; i++) {
    const sent = tensors.scope(() => {
      const own = one === undefined ? pass : recordPass(() => [one(i)], xs);
      return us.map((u) => {
        const mine = one === undefined ? alone(u, i * count, count) : tf.slice(u, i * count, count);
        const tree = gradientTree(own.pull([mine]), parameters);
        // Clones, which share the memory: two parameters may have one gradient, and each part is freed for itself.
        return entries(tensors, tree).map(([, leaf]) => tf.clone(leaf));
      });
    });
    for (const [k, row] of sent.entries()) rows[k * examples + i] = row;
  }
  let next = 0;
  const stacked = (_: tf.Tensor): tf.Tensor => {
    const parts = rows.map((row) => row[next]);
    next++;
    const all = tf.stack(parts);
    tf.dispose(parts); // the rows are many: no two copies of all
    return all;
  };
  return mapTree(tensors, stacked, parameters);
}

/** u with all rows 0 but some. */
function alone(u: tf.Tensor, begin: number, count: number): tf.Tensor {
  const zeros = (rows: number) => tf.zeros([rows, ...u.shape.slice(1)]);
  return tf.concat([zeros(begin), tf.slice(u, begin, count), zeros(u.shape[0] - begin - count)]);
}
