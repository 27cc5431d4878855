import * as tf from '@tensorflow/tfjs';
import { chosen, type OptionsOf, whole } from '../algebra/option.js';
import { Random } from '../algebra/random.js';
import { leaves, mapTree, releaseExcept, type State, type Tree, treeDot } from '../algebra/tree.js';
import { findMethod } from '../methods/catalogue.js';
import type { Need } from '../objective/objective.js';
import { unmet } from '../objective/objective.js';
import type { Outcome } from '../objective/outcome.js';
import { inRole } from '../objective/role.js';
import { memoryAtRisk, spoiltMemory } from '../transforms/memory.js';
import type { Step, Transform } from '../transforms/transform.js';
import { closureObjective } from './closure-objective.js';
import { type CompiledModel, watchCompile } from './compiled-model.js';
import { type NamedTensor, packState, unpackState } from './packed-state.js';
import { tensors } from './tensors.js';
import { assign, named, type Variables, valuesOf } from './variables.js';

export interface AsOptimizerOptions {
  /** Decides the method's random numbers. */
  seed?: number;
}

export const asOptimizerOptions: OptionsOf<AsOptimizerOptions> = {
  seed: whole(0, '(-∞, ∞)', "decides the method's random numbers"),
};

/**
 * A method as an optimizer of TensorFlow.js: one line in `model.compile`, or `optimizer.minimize(() => loss)`.
 *
 * The steps are those of the same method in a pipeline on the same batches, bit for bit. A loss, gradient or update
 * that is not finite changes nothing: the parameters stay the last good ones, `optimizer.outcome` says what happened,
 * and `fit` ends after the batch. `model.save(…, { includeOptimizer: true })` keeps the method's state.
 *
 * Methods that need a model's layers or outputs (K-FAC, Gauss–Newton) work in a compiled model whose losses are
 * `categoricalCrossentropy`, `sparseCategoricalCrossentropy`, `binaryCrossentropy`, `meanSquaredError`, or ours with a
 * curvature; of several outputs each must be one term an example. Elsewhere they are refused at the first step.
 *
 * @throws TypeError where `method` is none; at a step, where a variable holds whole numbers
 * @example
 * model.compile({ optimizer: asOptimizer(adam({ learningRate: 0.01 })), loss: 'meanSquaredError' });
 * await model.fit(x, y);
 */
export function asOptimizer(method: Transform, options: AsOptimizerOptions = {}): MethodOptimizer {
  const { seed } = chosen('asOptimizer', asOptimizerOptions, options);
  inRole('asOptimizer', 'method', 'method', method);
  return new MethodOptimizer(method, seed);
}

/** See {@link asOptimizer}. */
export class MethodOptimizer extends tf.Optimizer {
  /** @nocollapse */
  static get className(): string {
    return 'FluxionMethod';
  }

  /** Set where numerical trouble ended the steps. */
  outcome: Outcome | undefined;
  readonly #method: Transform;
  readonly #seed: number;
  #random: Random;
  #step = 0;
  #state: State<tf.Tensor> | undefined;
  #names: readonly string[] = [];
  #model: CompiledModel | undefined;

  constructor(method: Transform, seed = 0) {
    super();
    this.#method = method;
    this.#seed = seed;
    this.#random = new Random(seed).fork('run');
  }

  /** Called when a model is compiled with this optimizer. */
  attach(model: CompiledModel): void {
    this.#model = model;
  }

  override minimize(f: () => tf.Scalar, returnCost = false, varList?: tf.Variable[]): tf.Scalar | null {
    const variables = named(varList ?? trainable());
    if (Object.keys(variables).length === 0) throw new Error('asOptimizer: there is no trainable variable');
    refuseIntegers(variables);
    const value = this.#take(f, variables);
    if (returnCost) return value;
    value.dispose();
    return null;
  }

  override applyGradients(): never {
    throw new Error(
      'asOptimizer: a method sees loss and gradient together; call minimize(() => loss) instead',
    );
  }

  #take(f: () => tf.Scalar, variables: Variables): tf.Scalar {
    return tensors.scope(() => {
      const parameters = valuesOf(variables);
      const before = this.#begin(parameters);
      const objective = closureObjective(f, variables, this.#model);
      this.#refuse(unmet(this.#method.needs ?? [], objective));
      const { value, gradient } = objective.valueAndGradient(parameters, this.#method.needs);
      const context = { algebra: tensors, update: gradient, gradient, parameters, loss: value, objective };
      const made = this.#method.update({ ...context, step: this.#step, random: this.#random }, before);
      const outcome = made.outcome ?? this.#trouble(value, gradient, made);
      if (outcome === undefined) {
        assign(
          variables,
          mapTree(tensors, (x, u) => tensors.add(x, u), parameters as Tree<tf.Tensor>, made.update),
        );
        this.#remember(made.state);
        releaseExcept(tensors, before, made.state);
        this.#step++;
      } else {
        this.outcome = outcome;
        this.#model?.stop();
      }
      return value as tf.Scalar;
    });
  }

  /** Keeps a state through the scopes around the step, `fit`'s own among them. */
  #remember(state: State<tf.Tensor>): void {
    for (const leaf of leaves(tensors, state)) tf.keep(leaf);
    this.#state = state;
  }

  #begin(parameters: { readonly [name: string]: tf.Tensor }): State<tf.Tensor> {
    const names = Object.keys(parameters);
    if (this.#state === undefined) {
      this.#remember(this.#method.init(parameters, tensors));
      this.#names = names;
    } else if (this.#names.length === 0) this.#names = names;
    else if (names.join() !== this.#names.join()) {
      throw new TypeError(
        `asOptimizer: expected the parameters of the steps before (${this.#names.join(', ')}), got ${names.join(', ')}; ` +
          'after freezing or thawing layers compile with a new optimizer',
      );
    }
    return this.#state as State<tf.Tensor>;
  }

  #refuse(lacking: readonly Need[]): void {
    if (lacking.length === 0) return;
    throw new TypeError(
      `${this.#method.name}(model): expected one that answers ${lacking.join(' and ')}: ` +
        (this.#model?.refusal ??
          "compile a model with losses whose curvature is known, such as 'categoricalCrossentropy'"),
    );
  }

  /** Reads the loss, ‖gradient‖² and ‖update‖² at once. */
  #trouble(loss: tf.Tensor, gradient: Tree<tf.Tensor>, made: Step<tf.Tensor>): Outcome | undefined {
    const squares = [gradient, made.update].map((tree) => treeDot(tensors, tree, tree));
    const value = tensors.number(loss);
    const [gradientNorm, updateNorm] = squares.map((square) => Math.sqrt(tensors.number(square)));
    const step = this.#step;
    const kept = 'the parameters are those before it';
    const nonFinite = { kind: 'nonFinite', stage: this.#method.name, step } as const;
    if (!Number.isFinite(value)) return { ...nonFinite, message: `the loss was ${value}; ${kept}` };
    if (!Number.isFinite(updateNorm)) return { ...nonFinite, message: `the update was not finite; ${kept}` };
    if (!memoryAtRisk(tensors, { step, gradientNorm, updateNorm })) return undefined;
    return spoiltMemory(tensors, this.#method, made.state, step);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { name, options } = this.#method;
    return { method: name, options: JSON.stringify(options), seed: this.#seed };
  }

  /** @nocollapse */
  static override fromConfig<T extends tf.serialization.Serializable>(
    _cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const entry = findMethod(config.method as string, 'train');
    const options = JSON.parse(config.options as string);
    const usual = JSON.parse(JSON.stringify(entry.create().options));
    const asked = Object.keys(options).filter(
      (name) => JSON.stringify(options[name]) !== JSON.stringify(usual[name]),
    );
    const method = entry.create(Object.fromEntries(asked.map((name) => [name, options[name]])));
    return new MethodOptimizer(method as Transform, config.seed as number) as unknown as T;
  }

  override async getWeights(): Promise<NamedTensor[]> {
    return packState({ step: this.#step, random: [...this.#random.state()], state: this.#state ?? null });
  }

  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const { step, random, state } = await unpackState(weights);
    this.dispose();
    this.#step = step;
    this.#random = Random.restore(random);
    this.#state = state === null && step === 0 ? undefined : state;
  }

  /** Frees the method's state; the next step begins anew. */
  override dispose(): void {
    if (this.#state !== undefined) releaseExcept(tensors, this.#state, null);
    this.#state = undefined;
    this.#names = [];
    this.#step = 0;
  }
}

tf.serialization.registerClass(MethodOptimizer as never);
// Here, not when an optimizer is made: in model.compile({ optimizer: asOptimizer(…) }) compile is looked up before that.
watchCompile();

/** All that can be trained: a counter of steps, say, is a variable too. */
function trainable(): tf.Variable[] {
  const all = Object.values(tf.engine().registeredVariables);
  return all.filter(({ trainable, dtype }) => trainable && dtype === 'float32');
}

/** @throws TypeError naming the first variable that would round its steps */
function refuseIntegers(variables: Variables): void {
  for (const [name, { dtype }] of Object.entries(variables)) {
    if (dtype !== 'float32') {
      throw new TypeError(`asOptimizer(${name}): expected a float32 variable, got one of dtype ${dtype}`);
    }
  }
}
