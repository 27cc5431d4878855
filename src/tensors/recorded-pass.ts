import * as tf from '@tensorflow/tfjs';
import { Cotangents } from './cotangents.js';
import { exampleRows } from './example-rows.js';
import { factorGradient } from './factor-gradient.js';
import { releaseSaved } from './gradients/tape.js';
import { denseOperation } from './operations/dense.js';
import type { Product } from './provenance.js';
import { type TapeNode, tangentsOf } from './tangents.js';

/** One evaluation z = f(x), of any number of tensors, and products with its Jacobian J there. */
export interface RecordedPass {
  readonly outputs: readonly tf.Tensor[];
  /** The outputs and what their operations saved: while these live, nothing is evaluated again. */
  kept(): readonly tf.Tensor[];
  /** The same with some of the outputs alone. */
  only(from: number, to?: number): RecordedPass;
  /** Jv, from a tangent of each x; null where it is 0. */
  push(tangents: readonly (tf.Tensor | null)[]): tf.Tensor[];
  /** Jᵀu for each x; null where z does not depend on it. */
  pull(us: readonly tf.Tensor[]): (tf.Tensor | null)[];
  /**
   * The same, but for each x that is used once, as the right factor of a product of two matrices a·x, instead of the
   * gradient aᵀd the two that it is the product of, which spares that product.
   */
  pullProducts(us: readonly tf.Tensor[]): PulledProducts;
  /** uᵢᵀJᵢ of each example of one output, where all operations on the way are known; see {@link exampleRows}. */
  pullRows(u: tf.Tensor, examples: number): (tf.Tensor | null)[] | undefined;
}

/** A gradient or a product for each x, null for what it has not. */
export interface PulledProducts {
  readonly gradients: readonly (tf.Tensor | null)[];
  readonly products: readonly (Product | null)[];
}

/** What TensorFlow.js keeps about the tape and the scopes. */
interface State {
  activeTape: TapeNode[] | null;
  gradientDepth: number;
  kernelDepth: number;
  readonly activeScope: { readonly id: number } | null;
}

const state = (): State => (tf.engine() as unknown as { state: State }).state;

/**
 * Evaluates f and keeps what its operations saved: each product with the Jacobian then costs two evaluations instead
 * of the three to five that begin anew.
 *
 * What is kept belongs to the scope around the call, as the outputs do; once that has ended, and where there is none,
 * each product evaluates f again. To a derivative taken around the call, all of it is constant.
 */
export function recordPass(f: () => readonly tf.Tensor[], xs: readonly tf.Tensor[]): RecordedPass {
  const kept = record(f, xs);
  if (state().activeScope === null) tf.dispose([...kept.saved]);
  return passOf(kept, () => record(f, xs), xs);
}

function passOf(kept: Recording, again: () => Recording, xs: readonly tf.Tensor[]): RecordedPass {
  const pass = () => (kept.saved.some(({ isDisposed }) => isDisposed) ? again() : kept);
  return {
    outputs: kept.outputs,
    kept: () => [...kept.outputs, ...kept.saved],
    only: (from, to) => passOf(partOf(kept, xs, from, to), () => partOf(again(), xs, from, to), xs),
    push: (tangents) => tf.tidy(() => pushed(pass(), xs, tangents)),
    pull: (us) => tf.tidy(() => pulled(pass(), xs, us) as tf.Tensor[]),
    pullRows: (u, examples) =>
      tf.tidy(() => {
        const { nodes, outputs } = pass();
        return exampleRows(nodes, outputs[0], xs, u, examples) as tf.Tensor[] | undefined;
      }) as (tf.Tensor | null)[] | undefined,
    pullProducts: (us) =>
      tf.tidy(() => {
        const own = pass();
        const products = new Map<number, Product>();
        const gradients = pulled(own, xs, us, { factors: rightFactors(own.nodes, xs), found: products });
        const all = { gradients, products: xs.map(({ id }) => products.get(id) ?? null) };
        return all as unknown as tf.TensorContainer;
      }) as unknown as PulledProducts,
  };
}

interface Recording {
  readonly outputs: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[];
  /** The operations on a way from x to the outputs, in order. */
  readonly nodes: readonly TapeNode[];
}

function record(f: () => readonly tf.Tensor[], xs: readonly tf.Tensor[]): Recording {
  const { activeTape, gradientDepth, kernelDepth } = state();
  const tape: TapeNode[] = [];
  Object.assign(state(), { activeTape: tape, gradientDepth: 1, kernelDepth: 0 });
  try {
    const { outputs, saved } = tf.tidy(() => {
      const outputs = [...f()];
      const saved = tape.flatMap((node) => node.saved ?? []);
      // A tape keeps them beyond all scopes; as results of this one they go to the scope around it.
      const { id } = state().activeScope!;
      for (const tensor of saved) Object.assign(tensor, { kept: false, scopeId: id });
      return { outputs, saved };
    });
    return { outputs, saved, nodes: between(tape, xs, outputs) };
  } catch (error) {
    releaseSaved(tape);
    throw error;
  } finally {
    Object.assign(state(), { activeTape, gradientDepth, kernelDepth });
  }
}

function partOf(
  { nodes, outputs, saved }: Recording,
  xs: readonly tf.Tensor[],
  from: number,
  to?: number,
): Recording {
  const some = outputs.slice(from, to);
  return { outputs: some, saved, nodes: between(nodes, xs, some) };
}

/** The operations that lie on a way from an x to a z, in order. */
function between(
  tape: readonly TapeNode[],
  xs: readonly tf.Tensor[],
  zs: readonly tf.Tensor[],
): readonly TapeNode[] {
  const fromX = new Set(xs.map(({ id }) => id));
  const reached = tape.filter(({ inputs, outputs }) => {
    const depends = Object.values(inputs).some(({ id }) => fromX.has(id));
    if (depends) for (const { id } of outputs) fromX.add(id);
    return depends;
  });
  const toZ = new Set(zs.map(({ id }) => id));
  const leading = reached.reverse().filter(({ inputs, outputs }) => {
    const leads = outputs.some(({ id }) => toZ.has(id));
    if (leads) for (const { id } of Object.values(inputs)) toZ.add(id);
    return leads;
  });
  return leading.reverse();
}

function pushed(
  { nodes, outputs }: Recording,
  xs: readonly tf.Tensor[],
  tangents: readonly (tf.Tensor | null)[],
): tf.Tensor[] {
  const known = new Map(
    xs.flatMap(({ id }, i) => {
      const tangent = tangents[i];
      return tangent === null ? [] : [[id, tangent] as const];
    }),
  );
  for (const node of nodes) {
    if (!Object.values(node.inputs).some(({ id }) => known.has(id))) continue;
    const made = tf.tidy(() => tangentsOf(node, ({ id }) => known.get(id)));
    for (const [i, { id }] of node.outputs.entries()) known.set(id, made[i]);
  }
  return outputs.map((z) => known.get(z.id) ?? tf.zerosLike(z));
}

/** The product of two matrices a·x that each x is used in which is used once, by the x's id. */
function rightFactors(nodes: readonly TapeNode[], xs: readonly tf.Tensor[]): ReadonlyMap<number, TapeNode> {
  const uses = new Map<number, TapeNode[]>(xs.map(({ id }) => [id, []]));
  for (const node of nodes) for (const { id } of Object.values(node.inputs)) uses.get(id)?.push(node);
  const found = [...uses].flatMap(([id, [node, ...others]]) =>
    node !== undefined && others.length === 0 && isRightFactor(node, id) ? [[id, node] as const] : [],
  );
  return new Map(found);
}

function isRightFactor({ kernelName, inputs, saved, attrs }: TapeNode, id: number): boolean {
  if (kernelName === denseOperation.name) return inputs.kernel.id === id;
  if (kernelName !== tf.BatchMatMul || attrs === undefined) return false;
  const { transposeA, transposeB } = attrs as {
    readonly transposeA?: boolean;
    readonly transposeB?: boolean;
  };
  const { a, b } = inputs;
  return b.id === id && !transposeA && !transposeB && a.rank === 2 && b.rank === 2 && saved?.length === 2;
}

/** Whether it is the sum of a matrix's rows: the derivative by each of them is the same. */
function sumsRows({ kernelName, inputs, attrs }: TapeNode): boolean {
  if (kernelName !== tf.Sum || attrs === undefined || inputs.x.rank !== 2) return false;
  const { axis, keepDims } = attrs as unknown as tf.SumAttrs & { readonly keepDims?: boolean };
  return !keepDims && tf.util.parseAxisParam(axis, inputs.x.shape).join() === '0';
}

function pulled(
  { nodes, outputs, saved }: Recording,
  xs: readonly tf.Tensor[],
  us: readonly tf.Tensor[],
  apart?: { readonly factors: ReadonlyMap<number, TapeNode>; readonly found: Map<number, Product> },
): (tf.Tensor | null)[] {
  const known = new Cotangents([...us, ...saved, ...outputs, ...xs]);
  for (const [i, z] of outputs.entries()) known.add(z, () => us[i]);
  const wanted = new Set([...xs, ...nodes.flatMap((node) => node.outputs)].map(({ id }) => id));
  for (const node of [...nodes].reverse()) {
    if (node.gradient === undefined) throw new TypeError(`${node.kernelName} has no gradient`);
    const given = node.outputs.map((z) => known.of(z));
    const [errors] = given;
    if (errors !== null && sumsRows(node)) {
      if (wanted.has(node.inputs.x.id)) known.add(node.inputs.x, () => tf.clone(errors));
    } else {
      const gradients = node.gradient(given);
      for (const [name, x] of Object.entries(node.inputs)) {
        if (apart?.factors.get(x.id) === node && errors !== null) {
          known.hold(errors);
          apart.found.set(x.id, { inputs: node.saved![0], errors });
        } else if (wanted.has(x.id)) {
          known.add(x, gradients[name], errors === null ? undefined : factorGradient(node, name, errors));
        }
      }
    }
    for (const z of node.outputs) known.take(z);
  }
  return xs.map((x) => known.of(x));
}
