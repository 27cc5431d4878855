import * as tensorflow from '@tensorflow/tfjs';
import { activations } from './activations.js';
import { convolutions } from './convolutions.js';
import { depthwise } from './depthwise.js';
import { einsums } from './einsum.js';
import { repairForward } from './forward.js';
import { fused } from './fused.js';
import { gathers } from './gathers.js';
import type { Family, Gradient, Tf } from './gradient.js';
import { addMissingKernels } from './missing.js';
import { morphology } from './morphology.js';
import { normalisations } from './normalisations.js';
import { poolings } from './poolings.js';
import { reductions } from './reductions.js';
import { resizes } from './resizes.js';
import { shapes } from './shapes.js';
import { spreading } from './spreading.js';
import { takeovers } from './takeovers.js';
import { repairTape } from './tape.js';
import { addWindowKernels } from './window-kernels.js';
import { windowGradients } from './windows.js';

const families: readonly Family[] = [
  activations,
  convolutions,
  depthwise,
  einsums,
  fused,
  gathers,
  morphology,
  normalisations,
  poolings,
  reductions,
  resizes,
  shapes,
  spreading,
  windowGradients,
];

/** The kernels of the backend in use: each that starts later needs its own. */
function repairKernels(tf: Tf): void {
  addWindowKernels(tf);
  addMissingKernels(tf);
  repairForward(tf);
}

/** What `repairGradients` has done to a copy of TensorFlow.js. */
export interface GradientRepair {
  /** The kernels and operations whose gradients are ours now. */
  readonly replaced: readonly string[];
  /** Gives the copy its own gradients back. */
  undo(): void;
}

const done = new WeakMap<object, GradientRepair & { renew(): void }>();

/**
 * Makes the gradients of TensorFlow.js right, and differentiable themselves.
 *
 * Stock, second derivatives are silently wrong through every operation that saves its output (exp, tanh,
 * sigmoid, softmax, …), are refused through convolutions, poolings and many others, and some of first order are
 * wrong too (`mirrorPad`, `cumsum`, `avgPool` with padding, …); docs/gradients.md lists them. What another copy,
 * loaded since, puts back into the register that all copies share is taken out again. `useBackend` calls it.
 *
 * @param tf the copy to repair; without one that which Fluxion itself uses
 * @throws TypeError where `tf` is no TensorFlow.js
 * @example
 * const repair = repairGradients();
 * repair.replaced; // ['Relu', 'Conv2D', …]
 * repair.undo();
 */
export function repairGradients(tf: Tf = tensorflow): GradientRepair {
  if (typeof tf?.registerGradient !== 'function' || typeof tf.engine !== 'function') {
    throw new TypeError('repairGradients(tf): expected TensorFlow.js, as import * as tf gives it');
  }
  const engine = tf.engine();
  const before = done.get(engine);
  if (before) {
    before.renew();
    repairKernels(tf);
    return before;
  }
  const own = takeovers(tf);
  const gradients = families.flatMap((family) => family(tf));
  const stock = new Map<string, Gradient | undefined>();
  const put = (name: string, gradient: Gradient | undefined) => {
    const present = tf.getGradient(name) as Gradient | undefined;
    if (present === gradient) return;
    if (present) tf.unregisterGradient(name);
    if (gradient) tf.registerGradient(gradient);
    stock.set(name, present);
  };
  const renew = () => {
    for (const gradient of gradients) put(gradient.kernelName, gradient);
    for (const { name } of own) put(name, undefined);
  };
  renew();
  repairKernels(tf);
  const ours = new Map(gradients.map((gradient) => [gradient.kernelName, gradient]));
  const taken = new Set(own.map(({ name }) => name));
  const restoreTape = repairTape(tf, own, (name) => {
    const present = tf.getGradient(name) as Gradient | undefined;
    if (present === ours.get(name) && !(present && taken.has(name))) return;
    // Every copy of TensorFlow.js that is loaded writes its gradients into one register: these are its stock
    // ones again. A gradient that someone wrote is left alone.
    const before = stock.get(name);
    if (present && before && String(present.gradFunc) === String(before.gradFunc)) put(name, ours.get(name));
  });
  const repair = {
    replaced: [...stock.keys(), ...own.map(({ name }) => name.replace('__op', ''))],
    renew,
    undo() {
      if (!done.delete(engine)) return;
      restoreTape();
      for (const [name, gradient] of stock) put(name, gradient);
    },
  };
  done.set(engine, repair);
  return repair;
}
