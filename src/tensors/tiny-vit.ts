import * as tf from '@tensorflow/tfjs';
import { choice, chosen, number, type OptionsOf } from '../algebra/option.js';
import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';
import { truncated } from './initializer.js';
import type { Dense } from './mlp.js';
import type { Model } from './model.js';
import { attention } from './operations/attention.js';
import { dense } from './operations/dense.js';
import { dropout } from './operations/dropout.js';
import { gelu } from './operations/gelu.js';
import { layerNorm } from './operations/layer-norm.js';
import { tensors } from './tensors.js';

export interface TinyVitOptions {
  /** Of attention weights, after GELU and after the MLP, in training. */
  dropout?: number;
  /** Where the class token stands among the patches; the published code appends it 'last'. */
  classToken?: 'first' | 'last';
  /** The token that is read out; the published code reads the 'first', whatever stands there. */
  readout?: 'class' | 'first';
}

export const tinyVitOptions: OptionsOf<TinyVitOptions> = {
  dropout: number(0.3, '[0, 1)', 'of attention weights, after GELU and after the MLP, in training'),
  classToken: choice('first', ['first', 'last'], 'where the class token stands among the patches'),
  readout: choice('class', ['class', 'first'], 'the token that is read out'),
};

interface Norm {
  readonly scale: tf.Tensor;
  readonly bias: tf.Tensor;
}

interface Block {
  readonly attentionNorm: Norm;
  readonly attention: { readonly [name in 'query' | 'key' | 'value' | 'out']: Dense };
  readonly mlpNorm: Norm;
  readonly mlp: { readonly in: Dense; readonly out: Dense };
}

interface Parameters {
  readonly patch: Dense;
  readonly classToken: tf.Tensor;
  readonly blocks: readonly Block[];
  readonly head: Dense;
}

const [side, channels, patchSide, width, depth, heads, hidden, classes] = [32, 3, 8, 128, 4, 4, 256, 10];
const grid = side / patchSide;
const patches = grid ** 2;
const tokens = patches + 1;
const patchInputs = patchSide ** 2 * channels;

/**
 * The vision transformer of the published CIFAR-10 experiment, 556,042 parameters: patches of 8×8 pixels in 128
 * features, fixed sine-cosine positions, a class token, 4 blocks of (LayerNorm, attention of 4 heads, residual;
 * LayerNorm, MLP of 256 with GELU, residual), no last LayerNorm, a linear head.
 *
 * Inputs are rows of 32·32·3 numbers, pixel after pixel. Parameters: `patch/kernel` [192, 128], `classToken` [128],
 * `blocks/0/attention/query/kernel` [128, 128], `blocks/0/mlp/in/kernel` [128, 256], …, `head/kernel` [128, 10]; kernels
 * begin as flax's lecun_normal draws them, biases at 0.
 *
 * Source: Dosovitskiy et al. 2021; the positions of Beyer, Zhai & Kolesnikov 2022.
 *
 * @throws RangeError | TypeError naming an option that is not allowed
 * @example classification(tinyVit({ dropout: 0 }))
 */
export function tinyVit(options: TinyVitOptions = {}): Model {
  const { dropout: rate, classToken, readout } = chosen('tinyVit', tinyVitOptions, options);
  const positions = sineCosine();
  const readAt = readout === 'first' || classToken === 'first' ? 0 : patches;

  return {
    name: 'tinyVit',
    inputs: side * side * channels,
    outputs: classes,
    start(random: Random): Tree<tf.Tensor> {
      const layer = (inputs: number, outputs: number): Dense => ({
        kernel: tensors.array(lecunNormal(random, inputs, outputs), [inputs, outputs]),
        bias: tensors.fill([outputs], 0),
      });
      const norm = (): Norm => ({ scale: tensors.fill([width], 1), bias: tensors.fill([width], 0) });
      const block = (): Block => ({
        attentionNorm: norm(),
        attention: {
          query: layer(width, width),
          key: layer(width, width),
          value: layer(width, width),
          out: layer(width, width),
        },
        mlpNorm: norm(),
        mlp: { in: layer(width, hidden), out: layer(hidden, width) },
      });
      const parameters: Parameters = {
        patch: layer(patchInputs, width),
        classToken: tensors.array(
          random.normals(width).map((deviate) => deviate / Math.sqrt(width)),
          [width],
        ),
        blocks: Array.from({ length: depth }, block),
        head: layer(width, classes),
      };
      return parameters as unknown as Tree<tf.Tensor>;
    },
    outputsOf(given: Tree<tf.Tensor>, inputs: tf.Tensor, seed?: number): tf.Tensor {
      const { patch, classToken: ofClass, blocks, head } = given as unknown as Parameters;
      const n = inputs.shape[0];
      // Each place where something is dropped has a seed of its own.
      let place = 0;
      const own = () => ((seed ?? 0) + 0x61c88647 * ++place) | 0;
      const training = seed === undefined ? 0 : rate;
      const dropped = (x: tf.Tensor) => dropout(x, training, own());
      const apply = ({ kernel, bias }: Dense, x: tf.Tensor) => dense(x, kernel, bias);
      const normalised = ({ scale, bias }: Norm, x: tf.Tensor) => layerNorm(x, scale, bias);

      const pieces = tf.transpose(
        tf.reshape(inputs, [n, grid, patchSide, grid, patchSide * channels]),
        [0, 1, 3, 2, 4],
      );
      const embedded = tf.reshape(apply(patch, tf.reshape(pieces, [n * patches, patchInputs])), [
        n,
        patches,
        width,
      ]);
      const placed = tf.add(embedded, tf.tensor2d(positions, [patches, width]));
      const first = tf.tile(tf.reshape(ofClass, [1, 1, width]), [n, 1, 1]);
      let x: tf.Tensor = tf.reshape(
        tf.concat(classToken === 'first' ? [first, placed] : [placed, first], 1),
        [n * tokens, width],
      );
      for (const block of blocks) {
        const y = normalised(block.attentionNorm, x);
        const [q, k, v] = (['query', 'key', 'value'] as const).map((name) => apply(block.attention[name], y));
        const mixed = attention(q, k, v, { tokens, heads, rate: training, seed: own() });
        x = tf.add(x, apply(block.attention.out, mixed));
        const z = normalised(block.mlpNorm, x);
        x = tf.add(x, dropped(apply(block.mlp.out, dropped(gelu(apply(block.mlp.in, z))))));
      }
      const read = tf.slice(tf.reshape(x, [n, tokens, width]), [0, readAt, 0], [n, 1, width]);
      return apply(head, tf.reshape(read, [n, width]));
    },
  };
}

/** Normal with mean 0 and variance 1/inputs, cut off at two deviations before it is scaled: flax's lecun_normal. */
function lecunNormal(random: Random, inputs: number, outputs: number): Float64Array {
  const ofCut = 0.87962566103423978; // the deviation of a normal number cut off at ±2
  return truncated(random, inputs * outputs, 1 / (ofCut * Math.sqrt(inputs)));
}

/** sin and cos of column and row at width/4 wavelengths from 2π to 2π·10,000, [patches, width]. */
function sineCosine(): Float32Array {
  const quarter = width / 4;
  const rows = Array.from({ length: patches }, (_, p) =>
    [p % grid, Math.floor(p / grid)].flatMap((at) =>
      [Math.sin, Math.cos].flatMap((wave) =>
        Array.from({ length: quarter }, (_, i) => wave(at / 10_000 ** (i / (quarter - 1)))),
      ),
    ),
  );
  return Float32Array.from(rows.flat());
}
