import * as tf from '@tensorflow/tfjs';
import { type JointLoss, jointLoss, type OutputPart, unknownCurvature } from './joint-loss.js';
import { checkTargets, layersLoss } from './layers-losses.js';
import type { Loss } from './loss.js';

/** What a compiled model showed of a forward pass: its outputs and the targets they were compared with. */
export interface Seen {
  readonly outputs: readonly tf.Tensor[];
  readonly targets: readonly tf.Tensor[];
}

/** An output, with the loss that `compile` made for it. */
interface CompiledPart extends Omit<OutputPart, 'loss'> {
  readonly compiled: LossFunction;
}

type LossFunction = (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;

/** What `makeTrainFunction` makes: it takes a batch's inputs, targets and, where `fit` was given any, weights. */
type TrainFunction = (batch: readonly (tf.Tensor | null)[]) => tf.Scalar[];

/** The members of a compiled model that are private in its types. */
interface Compiled {
  readonly inputs: readonly unknown[];
  readonly outputs: readonly { readonly shape: readonly (number | null)[] }[];
  readonly outputNames: readonly string[];
  loss: unknown;
  lossFunctions: LossFunction[];
  metricsTensors: unknown[];
  stopTraining: boolean;
  makeTrainFunction(): TrainFunction;
}

/** An optimizer that wants to know which model it was compiled into. */
export interface Attachable extends tf.Optimizer {
  attach(model: CompiledModel): void;
}

/**
 * A model of tfjs-layers that was compiled with an optimizer of ours. `model.fit` hands its optimizer a closure alone;
 * what the loss compares is seen by standing in for the model's loss functions, and how the examples are weighed
 * (`classWeight`) by standing in for what trains a batch.
 */
export class CompiledModel {
  /** Where the loss tells no curvature, why. */
  readonly refusal: string | undefined;
  readonly #model: Compiled;
  readonly #compiled: readonly CompiledPart[];
  #weights: readonly (tf.Tensor | null)[] = [];
  #outputs: tf.Tensor[] = [];
  #targets: tf.Tensor[] = [];

  constructor(model: tf.LayersModel) {
    this.#model = model as unknown as Compiled;
    const { lossFunctions, loss, outputs, outputNames } = this.#model;
    const parts = lossFunctions.map((compiled, k) => {
      const name = outputNames[k];
      const given = givenTo(loss, k, name);
      return { name, shape: outputs[k].shape.slice(1), given, compiled };
    });
    this.#compiled = parts;
    this.refusal = this.#joint().refusal;
    this.#watchWeights();
    this.#model.lossFunctions = lossFunctions.map(
      (original, k): LossFunction =>
        (targets, outputs) => {
          this.#outputs[k] = outputs;
          this.#targets[k] = targets;
          checkTargets(parts[k].given, targets, outputs);
          return original(targets, outputs);
        },
    );
  }

  /** Of its output, or of several side by side, weighed as the batch under way is; see {@link jointLoss}. */
  get loss(): Loss {
    return this.#joint().loss;
  }

  #joint(): JointLoss {
    const parts = this.#compiled.map(({ compiled, ...part }, k) => ({
      ...part,
      loss: layersLoss(part.given, compiled, this.#weights[k] ?? undefined),
    }));
    const [first] = parts;
    if (parts.length > 1) return jointLoss(parts);
    return {
      loss: first.loss,
      ...(first.loss.curvature === undefined && { refusal: unknownCurvature(first) }),
    };
  }

  #watchWeights(): void {
    const model = this.#model;
    const own = Object.getPrototypeOf(model) as Compiled; // not what an earlier compile put in its place
    model.makeTrainFunction = () => {
      const trained = own.makeTrainFunction.call(model);
      return (batch) => {
        this.#weights = batch.slice(model.inputs.length + this.#compiled.length);
        try {
          return trained(batch);
        } finally {
          this.#weights = [];
        }
      };
    };
  }

  /** Runs a closure that computes the loss, without its metrics where it is not the first run of a step. */
  watch<R>(body: () => R, again: boolean): { readonly result: R; readonly seen: Seen } {
    const metrics = this.#model.metricsTensors;
    if (again) this.#model.metricsTensors = []; // `fit` collects them, and would collect them twice
    try {
      const result = body();
      if (this.#outputs.length === 0) throw new Error('asOptimizer: the closure did not compute the loss');
      return { result, seen: { outputs: [...this.#outputs], targets: [...this.#targets] } };
    } finally {
      this.#model.metricsTensors = metrics;
    }
  }

  /** Ends `fit` after the batch under way. */
  stop(): void {
    this.#model.stopTraining = true;
  }
}

/** What `compile` was given as the loss of one output: one for all, a list, or by name. */
function givenTo(loss: unknown, k: number, name: string): unknown {
  if (typeof loss === 'string' || typeof loss === 'function') return loss;
  return Array.isArray(loss) ? loss[k] : (loss as Readonly<Record<string, unknown>>)[name];
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
