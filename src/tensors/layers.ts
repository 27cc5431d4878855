import * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import { entries, leaves, type Tree } from '../algebra/tree.js';
import type { LabelSource, Layer, LayersSeen } from '../objective/layer.js';
import type { OutputLoss } from '../objective/linearization.js';
import { drawn, type Loss, type LossCurvature } from './loss.js';
import { outputLoss } from './output-loss.js';
import { type Provenance, recordProvenance, recordTransposed } from './provenance.js';
import { type PulledProducts, type RecordedPass, recordPass } from './recorded-pass.js';
import { tensors } from './tensors.js';

export interface LayersRequest {
  readonly parameters: Tree<tf.Tensor>;
  /** The forward pass. */
  readonly outputs: (parameters: Tree<tf.Tensor>) => tf.Tensor;
  readonly loss: Loss & { readonly curvature: LossCurvature };
  /** Known once the forward pass has run. */
  readonly given: () => tf.Tensor;
  readonly examples: () => number;
  readonly labels: LabelSource;
  readonly random: Random;
}

/**
 * The layers of a model on a batch: one forward and one backward pass.
 *
 * A layer is a product x·W whose weight is used there alone: then W's gradient is xᵀD, which is not computed where the
 * product is seen on the tape, else found by its provenance. It holds for dense layers, and for convolutions where they
 * are computed as products. Source of the idea of reading factors off the backward pass: Martens and Grosse 2015; of
 * the labels: kfac-jax.
 */
export function layersSeen(request: LayersRequest): LayersSeen<tf.Tensor> {
  const { outputs, parameters, labels, random } = request;
  return tensors.scope(() => {
    const { result: pass, transposed } = recordTransposed(() =>
      recordPass(() => [outputs(parameters)], leaves(tensors, parameters)),
    );
    const loss = outputLoss(request.loss, pass.outputs[0], request.given);
    return layersOfPass(pass, transposed, parameters, request.examples(), { loss, labels, random });
  });
}

/**
 * The same from a pass that was recorded: one backward pass.
 *
 * @param transposed what that pass multiplied by as a transposed right operand
 */
export function layersOfPass(
  pass: RecordedPass,
  transposed: ReadonlySet<object>,
  parameters: Tree<tf.Tensor>,
  examples: number,
  {
    loss,
    labels,
    random,
  }: Pick<LayersRequest, 'labels' | 'random'> & { readonly loss: OutputLoss<tf.Tensor> },
): LayersSeen<tf.Tensor> {
  return tensors.scope(() => {
    const back = sentBack(loss, pass.outputs[0].shape, labels, random);
    const { result, provenance } = recordProvenance(() => pass.pullProducts([back]));
    try {
      const found = layersOf(entries(tensors, parameters), result, provenance, transposed, examples);
      return { terms: loss.terms, ...adopted(found) };
    } finally {
      provenance.release();
    }
  });
}

/** Layers whose inputs and errors belong to the scope around the call. */
function adopted({ layers, unmatched }: ReturnType<typeof layersOf>): Omit<LayersSeen<tf.Tensor>, 'terms'> {
  const inputs = new Map<tf.Tensor, tf.Tensor>(); // those of one input share it still
  for (const layer of layers) if (!inputs.has(layer.inputs)) inputs.set(layer.inputs, adopt(layer.inputs));
  const own = layers.map((layer) => ({
    ...layer,
    inputs: inputs.get(layer.inputs)!,
    errors: adopt(layer.errors),
  }));
  return { layers: own, unmatched };
}

/** The derivative of the mean loss by the outputs, under the labels asked for. */
function sentBack(
  at: OutputLoss<tf.Tensor>,
  shape: readonly number[],
  labels: LabelSource,
  random: Random,
): tf.Tensor {
  if (labels === 'given') return at.residual();
  if (labels === 'sampled') return at.sampledResidual(random);
  const signs = drawn([...shape], () => random.sign(), tf.tensor);
  return tf.div(at.factorProduct(signs), Math.sqrt(at.terms));
}

/**
 * The layers among the parameters by the provenance of their gradients, or by the products that these would be. Their
 * inputs and errors are kept: the caller disposes of them.
 */
export function layersOf(
  parameters: readonly [path: string, leaf: tf.Tensor][],
  { gradients, products }: PulledProducts,
  provenance: Provenance,
  transposed: ReadonlySet<object>,
  examples: number,
): { layers: Layer<tf.Tensor>[]; unmatched: { path: string; reason: string }[] } {
  const layers: Layer<tf.Tensor>[] = [];
  const unmatched: { path: string; reason: string }[] = [];
  const vectors: [path: string, gradient: tf.Tensor][] = [];
  const sources = new Map<Layer<tf.Tensor>, tf.Tensor>();
  const seen = new Map<object, tf.Tensor>();
  /** Layers of the same inputs have the same array of them. */
  const inputRows = (x: tf.Tensor) => {
    const before = seen.get(x.dataId);
    if (before?.shape[1] === x.shape[x.rank - 1]) return before;
    const made = rows(x);
    seen.set(x.dataId, made);
    return made;
  };
  parameters.forEach(([path, leaf], i) => {
    const gradient: tf.Tensor | null | undefined = gradients[i];
    const known = products[i] ?? undefined;
    if (known === undefined && (gradient === null || gradient === undefined))
      unmatched.push({ path, reason: 'the outputs do not depend on it' });
    else if (leaf.rank < 2) vectors.push([path, gradient!]);
    else {
      const product = known ?? provenance.product(gradient!);
      const width = leaf.shape[leaf.rank - 1];
      if (product === undefined) {
        unmatched.push({ path, reason: 'its gradient is no single product: used twice, or not as a matrix' });
      } else if (transposed.has(leaf.dataId) || product.errors.shape.at(-1) !== width) {
        unmatched.push({ path, reason: 'used transposed' });
      } else {
        const inputs = inputRows(product.inputs);
        const layer = {
          kernel: path,
          inputs,
          errors: rows(product.errors),
          examples,
          sharing: inputs.shape[0] / examples,
        };
        layers.push(layer);
        sources.set(layer, product.errors);
      }
    }
  });
  for (const [path, gradient] of vectors) {
    const at = layers.findIndex(
      (layer) => layer.bias === undefined && provenance.isSumOf(gradient, sources.get(layer)!),
    );
    if (at < 0) unmatched.push({ path, reason: 'a vector that is no bias of a layer' });
    else layers[at] = replacedBias(layers[at], path, sources);
  }
  return { layers, unmatched };
}

function replacedBias(
  layer: Layer<tf.Tensor>,
  bias: string,
  sources: Map<Layer<tf.Tensor>, tf.Tensor>,
): Layer<tf.Tensor> {
  const whole = { ...layer, bias };
  sources.set(whole, sources.get(layer)!);
  return whole;
}

/** [… , width] → [rows, width], kept through the tape's end. */
function rows(x: tf.Tensor): tf.Tensor {
  return tf.keep(tf.reshape(x, [-1, x.shape[x.rank - 1]]));
}

/** Hands a tensor that was kept through the tape's end to the scope around it. */
function adopt(kept: tf.Tensor): tf.Tensor {
  const own = kept.clone();
  kept.dispose();
  return own;
}
