import * as tf from '@tensorflow/tfjs';
import { layersLoss } from './layers-losses.js';
import type { Loss } from './loss.js';

/** What a compiled model showed of a forward pass: an output and the targets it was compared with. */
export interface Seen {
  readonly outputs: tf.Tensor;
  readonly targets: tf.Tensor;
}

type LossFunction = (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;

/** The members of a compiled model that are private in its types. */
interface Compiled {
  loss: unknown;
  lossFunctions: LossFunction[];
  metricsTensors: unknown[];
  stopTraining: boolean;
}

/** An optimizer that wants to know which model it was compiled into. */
export interface Attachable extends tf.Optimizer {
  attach(model: CompiledModel): void;
}

/**
 * A model of tfjs-layers that was compiled with an optimizer of ours. `model.fit` hands its optimizer a closure alone;
 * what the loss compares is seen by standing in for the model's loss functions.
 */
export class CompiledModel {
  /** Of its only output; of several, the sum of losses tells no curvature. */
  readonly loss: Loss | undefined;
  readonly #model: Compiled;
  #seen: Seen | undefined;

  constructor(model: tf.LayersModel) {
    this.#model = model as unknown as Compiled;
    const { lossFunctions, loss } = this.#model;
    this.loss = lossFunctions.length === 1 ? layersLoss(loss, lossFunctions[0]) : undefined;
    this.#model.lossFunctions = lossFunctions.map(
      (original): LossFunction =>
        (targets, outputs) => {
          this.#seen = { outputs, targets };
          return original(targets, outputs);
        },
    );
  }

  /** Runs a closure that computes the loss, without its metrics where it is not the first run of a step. */
  watch<R>(body: () => R, again: boolean): { readonly result: R; readonly seen: Seen } {
    const metrics = this.#model.metricsTensors;
    if (again) this.#model.metricsTensors = []; // `fit` collects them, and would collect them twice
    try {
      const result = body();
      if (this.#seen === undefined) throw new Error('asOptimizer: the closure did not compute the loss');
      return { result, seen: this.#seen };
    } finally {
      this.#model.metricsTensors = metrics;
    }
  }

  /** Ends `fit` after the batch under way. */
  stop(): void {
    this.#model.stopTraining = true;
  }
}

let watching = false;

/** From now on, compiling a model with an optimizer of ours tells the optimizer so. */
export function watchCompile(): void {
  if (watching) return;
  watching = true;
  const prototype = tf.LayersModel.prototype;
  const compile = prototype.compile;
  prototype.compile = function (this: tf.LayersModel, args: tf.ModelCompileArgs) {
    compile.call(this, args);
    const optimizer = args.optimizer as Partial<Attachable>; // tf.Optimizer calls anything of its shape an instance
    optimizer.attach?.(new CompiledModel(this));
  };
}
