import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;
interface Inputs {
  readonly [name: string]: Tensor;
}
interface Gradients {
  readonly [name: string]: () => Tensor;
}

/** The gradient of an operation that the register of gradients does not reach, or reaches wrongly. */
export interface Takeover {
  /** Of the kernel, or of the scope that the operation opens. */
  readonly name: string;
  /** The kernel within, whose attributes are wanted. */
  readonly kernel?: string;
  gradient(dy: Tensor, inputs: Inputs, attrs: unknown): Gradients;
}

/** What is patched of the engine of TensorFlow.js. */
interface Engine {
  readonly state: {
    activeTape: { readonly outputs: readonly Tensor[]; readonly saved?: readonly Tensor[] }[] | null;
    readonly gradientDepth: number;
    kernelDepth: number;
  };
  addTapeNode(
    kernel: string,
    inputs: { readonly [name: string]: Tensor | undefined },
    outputs: readonly Tensor[],
    gradient: unknown,
    saved: readonly Tensor[],
    attrs: unknown,
  ): void;
  runKernel(name: string, inputs: object, attrs?: object): unknown;
  clone(x: Tensor): Tensor;
  keep(x: Tensor): Tensor;
  gradients(...given: unknown[]): unknown;
}

/**
 * Mends the tape that gradients are derived from; answers how to undo it.
 *
 * What an operation saves for its gradient is cloned, and each clone is written on the tape, before the
 * operation itself is. So a saved *output* seems to come from nowhere: derivatives of first order read only its
 * value and are right, those of second order take it for a constant and are silently wrong (exp, tanh, sigmoid,
 * softmax, …). Here the clones are written after their operation.
 *
 * Of what no float32 comes out (comparisons, logical operations, argMax, casts to int32), nothing is derived:
 * such an operation is written without its inputs, so that a gradient's way ends there, where TensorFlow.js
 * threw an error or went through a cast to int32 as if it were the identity.
 *
 * An operation of several outputs hands out the very array that the tape reads: whoever reverses what `unstack`
 * has given would swap its gradients. The tape gets an array of its own.
 *
 * Where the function or a gradient throws, what the tape has kept until then is given back: stock keeps it for ever.
 *
 * @param beforeKernel told of each kernel that is about to run under an open tape
 */
export function repairTape(
  tf: Tf,
  takeovers: readonly Takeover[],
  beforeKernel: (name: string) => void,
): () => void {
  const engine = tf.engine() as unknown as Engine;
  const taken = new Map(takeovers.map((takeover) => [takeover.name, takeover]));
  const watched = new Set(takeovers.map(({ kernel }) => kernel));
  let watchedAttrs: unknown;

  const runKernel: Engine['runKernel'] = (name, inputs, attrs) => {
    if (engine.state.gradientDepth > 0) beforeKernel(name);
    if (watched.has(name)) watchedAttrs = attrs;
    return stock.runKernel.call(engine, name, inputs, attrs);
  };
  // A clone is written under the name of the operation that is open.
  let cloning = false;
  const clone: Engine['clone'] = (x) => {
    cloning = true;
    const copy = stock.clone.call(engine, x);
    cloning = false;
    return copy;
  };
  const addTapeNode: Engine['addTapeNode'] = (kernel, given, shared, gradient, saved, attrs) => {
    const outputs = [...shared];
    const tape = engine.state.activeTape!;
    let first = tape.length;
    while (first > 0 && saved.includes(tape[first - 1].outputs[0])) first--;
    const clones = tape.splice(first);
    const derived = outputs.some(({ dtype }) => dtype === 'float32' || dtype === 'complex64');
    const takeover = cloning ? undefined : taken.get(kernel);
    if (takeover && derived) {
      const inputs = withoutGaps(given);
      const kept: { [name: string]: Tensor } = {};
      engine.state.kernelDepth++; // clone writes its own node: that of the kernel within would count twice
      for (const name in inputs) kept[name] = engine.keep(engine.clone(inputs[name]));
      engine.state.kernelDepth--;
      const own = Object.values(kept);
      const its = takeover.kernel === undefined ? attrs : watchedAttrs;
      const gradFunc = (dy: Tensor) => takeover.gradient(dy, kept, its);
      stock.addTapeNode.call(engine, kernel, inputs, outputs, gradFunc, [...saved, ...own], attrs);
    } else stock.addTapeNode.call(engine, kernel, derived ? given : {}, outputs, gradient, saved, attrs);
    // For the tangents of what is recorded. That there are none is known, too.
    Object.assign(tape[tape.length - 1], { attrs: attrs ?? {} });
    tape.push(...clones);
  };

  const gradients: Engine['gradients'] = (...given) => {
    try {
      return stock.gradients.apply(engine, given);
    } catch (error) {
      // A tape within another is a part of it.
      if (engine.state.gradientDepth === 0) {
        releaseSaved(engine.state.activeTape ?? []);
        engine.state.activeTape = null;
      }
      throw error;
    }
  };

  const { runKernel: run, addTapeNode: add, clone: copy, gradients: derive } = engine;
  const stock = { runKernel: run, addTapeNode: add, clone: copy, gradients: derive };
  const mended = { runKernel, addTapeNode, clone, gradients };
  const inherited = Object.keys(mended).filter((name) => !Object.hasOwn(engine, name));
  Object.assign(engine, mended);
  return () => {
    Object.assign(engine, stock);
    for (const name of inherited) delete (engine as unknown as { [name: string]: unknown })[name];
  };
}

/** Gives back what the operations of a tape have saved. */
export function releaseSaved(tape: readonly { readonly saved?: readonly Tensor[] }[]): void {
  for (const { saved = [] } of tape) for (const tensor of saved) if (!tensor.isDisposed) tensor.dispose();
}

function withoutGaps(inputs: { readonly [name: string]: Tensor | undefined }): Inputs {
  return Object.fromEntries(
    Object.entries(inputs).filter((entry): entry is [string, Tensor] => entry[1] != null),
  );
}

/** What `body` computes, as a constant: nothing in it is written on the tape. */
export function constant<T extends tensorflow.TensorContainer>(tf: Tf, body: () => T): T {
  const { state } = tf.engine() as unknown as Engine;
  return tf.tidy(() => {
    state.kernelDepth++;
    try {
      return body();
    } finally {
      state.kernelDepth--;
    }
  });
}
