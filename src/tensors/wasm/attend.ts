import type * as tf from '@tensorflow/tfjs';
import type { AttentionAttributes } from '../operations/attention.js';
import type { WasmBackend } from '../wasm-backend.js';
import { addressOf, entriesOf, made } from './addresses.js';
import { dropOut } from './drop-out.js';
import { elementwise, overRows } from './elementwise.js';
import { multiply, type Operand } from './product.js';
import type { Team } from './team.js';

/** The products of attention, heads read where they lie in the rows: nothing is transposed. */
function products(
  team: Team,
  backend: WasmBackend,
  shape: readonly number[],
  { tokens, heads, rate, seed }: AttentionAttributes,
) {
  const [rows, width] = shape;
  const matrices = rows / tokens;
  const perHead = width / heads;
  const scores = matrices * heads * tokens;
  const address = (info: tf.TensorInfo) => addressOf(backend, info);
  const swapped = ({ rowStride, columnStride, ...rest }: Operand): Operand => ({
    ...rest,
    rowStride: columnStride,
    columnStride: rowStride,
  });
  /** The rows of one head: [tokens, width/heads]. */
  const ofHead = (info: tf.TensorInfo): Operand => ({
    address: address(info),
    rowStride: 4 * width,
    columnStride: 4,
    matrixStride: 4 * width * tokens,
    headStride: 4 * perHead,
  });
  /** Its scores: [tokens, tokens]. */
  const ofScores = (info: tf.TensorInfo): Operand => ({
    address: address(info),
    rowStride: 4 * tokens,
    columnStride: 4,
    matrixStride: 4 * tokens * tokens * heads,
    headStride: 4 * tokens * tokens,
  });
  const common = { rows: tokens, matrices, heads };
  const scale = Math.sqrt(heads / width);
  return {
    newScores: () => made(backend, [scores, tokens]),
    free: (...infos: tf.TensorInfo[]) => {
      for (const { dataId } of infos) backend.disposeData(dataId);
    },
    /** scores ← x·yᵀ of rows of heads. */
    scoresOf: (x: tf.TensorInfo, y: tf.TensorInfo, result: tf.TensorInfo) =>
      multiply(team, {
        ...{ left: ofHead(x), right: swapped(ofHead(y)), result: ofScores(result) },
        ...{ ...common, columns: tokens, inner: perHead },
      }),
    /** rows of heads ← S·x, or Sᵀ·x. */
    mixed: (s: tf.TensorInfo, x: tf.TensorInfo, result: tf.TensorInfo, transposed = false) =>
      multiply(team, {
        left: transposed ? swapped(ofScores(s)) : ofScores(s),
        ...{ right: ofHead(x), result: ofHead(result) },
        ...{ ...common, columns: perHead, inner: tokens },
      }),
    softmax: (s: tf.TensorInfo) =>
      overRows(team, 'softmax', [address(s), address(s), 4 * tokens], scores, 4 * tokens, [scale]),
    softmaxGradient: (y: tf.TensorInfo, dy: tf.TensorInfo) => {
      const words = [address(y), address(dy), address(dy), 4 * tokens];
      overRows(team, 'softmaxGradient', words, scores, 4 * tokens, [scale]);
    },
    /** p, ẋ, d and a, the last three to be overwritten: see the kernel. */
    softmaxCurvature: (...infos: tf.TensorInfo[]) =>
      overRows(team, 'softmaxCurvature', [...infos.map(address), 4 * tokens], scores, 4 * tokens, [scale]),
    /** x ← x + y */
    add: (x: tf.TensorInfo, y: tf.TensorInfo) =>
      elementwise(team, 'add', [address(x), address(y), address(x)], entriesOf(x)),
    /** y ← x with what is dropped dropped. */
    dropped: (x: tf.TensorInfo, y: tf.TensorInfo) => {
      if (rate > 0) dropOut(team, address(x), address(y), scores * tokens, rate, seed);
      else if (x !== y) backend.typedArrayFromHeap(y).set(backend.typedArrayFromHeap(x));
    },
  };
}

/** softmax(q·kᵀ/√d)·v for each head, with its weights dropped. */
export function attend(
  team: Team,
  backend: WasmBackend,
  [q, k, v]: readonly tf.TensorInfo[],
  attributes: AttentionAttributes,
): tf.TensorInfo {
  const { newScores, free, scoresOf, mixed, softmax, dropped } = products(team, backend, q.shape, attributes);
  const [weights, y] = [newScores(), made(backend, q.shape)];
  scoresOf(q, k, weights);
  softmax(weights);
  dropped(weights, weights);
  mixed(weights, v, y);
  free(weights);
  return y;
}

/**
 * The gradients by q, k and v. The weights P are made again, which costs less than to keep them; with D what dropout
 * makes of them, dv = Dᵀ·dy, dD = dy·vᵀ, and dS = P∘(dP − Σ P∘dP)/√d gives dq = dS·k and dk = dSᵀ·q.
 */
export function attendBack(
  team: Team,
  backend: WasmBackend,
  [q, k, v, dy]: readonly tf.TensorInfo[],
  attributes: AttentionAttributes,
): tf.TensorInfo[] {
  const { newScores, free, scoresOf, mixed, softmax, softmaxGradient, dropped } = products(
    team,
    backend,
    q.shape,
    attributes,
  );
  const [weights, errors] = [newScores(), newScores()];
  const [dq, dk, dv] = [q, k, v].map(({ shape }) => made(backend, shape));
  scoresOf(q, k, weights);
  softmax(weights);
  if (attributes.rate > 0) {
    dropped(weights, errors);
    mixed(errors, dy, dv, true);
  } else mixed(weights, dy, dv, true);
  scoresOf(dy, v, errors);
  dropped(errors, errors);
  softmaxGradient(weights, errors);
  mixed(errors, k, dq);
  mixed(errors, q, dk, true);
  free(weights, errors);
  return [dq, dk, dv];
}

/** The tangent ẏ = Ẇv + Wv̇ of the weights W as dropout leaves them: of Ṗ = √(1/d)·P∘(Ṡ − Σ P∘Ṡ), Ṡ = q̇·kᵀ + q·k̇ᵀ. */
export function attendTangent(
  team: Team,
  backend: WasmBackend,
  [q, k, v, dq, dk, dv]: readonly tf.TensorInfo[],
  attributes: AttentionAttributes,
): tf.TensorInfo {
  const its = products(team, backend, q.shape, attributes);
  const [weights, moved, other] = [its.newScores(), its.newScores(), its.newScores()];
  const [y, rest] = [made(backend, q.shape), made(backend, q.shape)];
  its.scoresOf(q, k, weights);
  its.softmax(weights);
  its.scoresOf(dq, k, moved);
  its.scoresOf(q, dk, other);
  its.add(moved, other);
  its.softmaxGradient(weights, moved);
  its.dropped(moved, moved);
  its.dropped(weights, weights);
  its.mixed(moved, v, y);
  its.mixed(weights, dv, rest);
  its.add(y, rest);
  its.free(weights, moved, other, rest);
  return y;
}

/**
 * The gradients of ⟨ẏ, dy⟩ by q, k and v. With D and A what dropout leaves of dy·vᵀ and dy·v̇ᵀ it is ⟨Ṗ, D⟩ + ⟨P, A⟩: of
 * it G is the gradient by Ṡ, C that by S = q·kᵀ, so that dq = G·k̇ + C·k, dk = Gᵀ·q̇ + Cᵀ·q and dv = Ẇᵀ·dy.
 */
export function attendCurved(
  team: Team,
  backend: WasmBackend,
  [q, k, v, dq, dk, dv, dy]: readonly tf.TensorInfo[],
  attributes: AttentionAttributes,
): tf.TensorInfo[] {
  const its = products(team, backend, q.shape, attributes);
  const [weights, moved, errors, others] = Array.from({ length: 4 }, its.newScores);
  const [byQ, byK, byV, rest] = Array.from({ length: 4 }, () => made(backend, q.shape));
  its.scoresOf(q, k, weights);
  its.softmax(weights);
  its.scoresOf(dq, k, moved);
  its.scoresOf(q, dk, errors);
  its.add(moved, errors);
  its.scoresOf(dy, v, errors);
  its.dropped(errors, errors);
  its.scoresOf(dy, dv, others);
  its.dropped(others, others);
  its.softmaxCurvature(weights, moved, errors, others);
  its.dropped(moved, moved);
  its.mixed(moved, dy, byV, true);
  for (const [g, c, result, transposed] of [
    [dk, k, byQ, false],
    [dq, q, byK, true],
  ] as const) {
    its.mixed(errors, g, result, transposed);
    its.mixed(others, c, rest, transposed);
    its.add(result, rest);
  }
  its.free(weights, moved, errors, others, rest);
  return [byQ, byK, byV];
}
