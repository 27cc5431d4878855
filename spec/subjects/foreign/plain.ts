import { claims as ourClaims, universal } from '../claims.js';
import type { LayerSeen } from '../network.js';
import { flat, shaped } from '../point.js';
import type { Moment, Optimizer, OptimizerSubject } from '../subject.js';
import { Misbehaviour, OptionFixed } from './misbehaviour.js';
import { type ModelMatrices, modelMatrices } from './model-matrices.js';

/** What a plain optimizer is told beside the parameters and the gradient. */
export interface More {
  /** Counts from 0. */
  readonly step: number;
  /** The loss at the parameters. */
  readonly value: number;
  /** ∂²f, row-major, n×n; undefined where the law has none. */
  readonly hessian: Float64Array | undefined;
  /** The shapes of the arrays that the parameters are made of, one after the other. */
  readonly shapes: readonly (readonly number[])[];
  /** The loss and its gradient elsewhere. */
  evaluate(x: Numbers): Evaluated;
  /** Matrices of the model whose loss this is; of a linear one where a law speaks of gradients alone. */
  readonly model?: ModelMatrices;
  /** What each layer of a network saw of the batch, and over how many terms its mean loss is; where a law has one. */
  readonly layers?: readonly LayerSeen[];
  readonly terms?: number;
  /** r and ∂r, row-major, where the loss is ½‖r(x)‖² and a method for such is asked. */
  readonly residuals?: Float64Array;
  readonly jacobian?: Float64Array;
}

export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
}

export type Numbers = ArrayLike<number>;

/** The two functions of an optimizer over plain numbers. */
export interface PlainSteps<S = unknown> {
  /** The state before the first step; without it there is none. */
  init?(x: Float64Array, more: Pick<More, 'shapes'>): S;
  /** The parameters after one step, as many as before, and the state. What it is given stays as it was. */
  step(
    x: Float64Array,
    gradient: Float64Array,
    state: S,
    more: More,
  ): { readonly x: Numbers; readonly state?: S } | Numbers;
}

/** An optimizer that knows nothing of this package: the default export of a module that `fluxion check` is given. */
export interface PlainOptimizer<S = unknown> extends Partial<PlainSteps<S>> {
  readonly name: string;
  /** The method it says it is. */
  readonly claims?: string;
  /** The options it works with, by the names of that method's. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it computes in, default float64. */
  readonly precision?: 'float64' | 'float32';
  /** The same method with other options, where it can be had: laws then choose them. */
  create?(options: Readonly<Record<string, unknown>>): PlainSteps<S>;
}

const epsilons = { float64: 2 ** -52, float32: 2 ** -23 };

/**
 * A plain optimizer as a subject of the laws: those of the method it claims to be, else of every optimizer.
 *
 * @param defaults of the method it claims to be, for the options it does not state
 * @example plainSubject({ name: 'mine', step: (x, g) => x.map((xi, i) => xi - 0.1 * g[i]) })
 */
export function plainSubject(plain: PlainOptimizer, defaults: object = {}): OptimizerSubject {
  const { name, claims: method = 'stranger', precision = 'float64', create } = plain;
  const fixed = create === undefined ? { ...defaults, ...plain.options } : undefined;
  return {
    kind: 'optimizer',
    name,
    method,
    epsilon: epsilons[precision],
    claims: claimed(method),
    fixed,
    answersPoints: true,
    create(options) {
      if (fixed === undefined) return plainOptimizer(create!.call(plain, options as Record<string, unknown>));
      mustAgree(fixed, options);
      return plainOptimizer(plain as PlainSteps);
    },
    scope: (body) => body(),
  };
}

/** Methods that see a network, of whose steps a law without one cannot speak. */
export const ofNetworks = ['hessianFree', 'batchGaussNewton', 'kfac', 'kfacFixed'];

/** The laws of a stranger's optimizer that claims to be this method. */
export function claimed(method: string): readonly string[] {
  if (ofNetworks.includes(method)) return ['A4'];
  if (!(method in ourClaims)) return universal;
  return [...ourClaims[method], 'A', ...(ofModels.includes(method) ? ['A4'] : [])];
}

/** Methods that see a model, of which a law may also make one up. */
const ofModels = ['naturalGradient', 'fisherAdam'];

/** @throws OptionFixed on an option that is not the one that stands */
export function mustAgree(fixed: Readonly<Record<string, unknown>>, wanted: object): void {
  for (const [option, value] of Object.entries(wanted)) {
    if (value === undefined || Object.is(value, fixed[option])) continue;
    if (JSON.stringify(value) !== JSON.stringify(fixed[option]) || fixed[option] === undefined) {
      throw new OptionFixed(option, value, fixed[option]);
    }
  }
}

function plainOptimizer(steps: PlainSteps): Optimizer {
  return {
    init: (parameters) =>
      spoken('init', () => steps.init?.(flat(parameters), { shapes: parameters.map(({ shape }) => shape) })),
    step(state, moment) {
      const { parameters } = moment;
      const [x, gradient] = [flat(parameters), flat(moment.gradient)];
      const answer: unknown = spoken('step', () => steps.step(x, gradient, state, moreOf(moment)));
      const next = isNumbers(answer) ? { x: answer, state } : answer;
      const before = flat(parameters);
      const after = pointIn(next, before, flat(moment.gradient));
      return {
        update: shaped(
          parameters,
          after.map((entry, i) => entry - before[i]),
        ),
        point: shaped(parameters, after),
        state: (next as { state?: unknown }).state,
        left: { parameters: shaped(parameters, x), gradient: shaped(moment.gradient, gradient) },
      };
    },
    save: copied,
    restore: copied,
  };
}

function moreOf(moment: Moment): More {
  const { step, loss, hessian, parameters } = moment;
  return {
    step,
    value: loss,
    hessian,
    shapes: parameters.map(({ shape }) => shape),
    evaluate: (x) => moment.network?.evaluate(Float64Array.from(x)) ?? quadraticNear(moment, x),
    model: modelMatrices(moment),
    layers: moment.network?.layers,
    terms: moment.network?.terms,
  };
}

/** Of the quadratic with this value, gradient and Hessian here, so that a method that looks elsewhere sees one function. */
function quadraticNear({ parameters, gradient, loss, hessian }: Moment, at: Numbers): Evaluated {
  const [x, g] = [flat(parameters), flat(gradient)];
  const d = x.map((xi, i) => at[i] - xi);
  const bend = d.map((_, i) =>
    hessian ? d.reduce((sum, dj, j) => sum + hessian[i * d.length + j] * dj, 0) : 0,
  );
  const rise = d.reduce((sum, di, i) => sum + di * (g[i] + bend[i] / 2), 0);
  return { value: loss + rise, gradient: g.map((gi, i) => gi + bend[i]) };
}

/** Runs a call of the subject, and tells what it throws as misbehaviour; `except` passes. */
export function spoken<R>(call: string, body: () => R, except?: Error): R {
  try {
    return body();
  } catch (error) {
    if (error instanceof Misbehaviour || (except !== undefined && error === except)) throw error;
    throw new Misbehaviour(`${call} threw ${error instanceof Error ? error : `what is no error: ${error}`}`, {
      cause: error,
    });
  }
}

/** The parameters that an answer holds, looked over. */
export function pointIn(answer: unknown, x: Float64Array, gradient: Float64Array): Float64Array<ArrayBuffer> {
  const given = `for x = ${listed(x)} and gradient = ${listed(gradient)}`;
  const expected = (got: string) =>
    new Misbehaviour(`step: expected { x, state } with ${x.length} numbers in x, got ${got} ${given}`);
  if (answer === null || typeof answer !== 'object') throw expected(String(answer));
  if (typeof (answer as { then?: unknown }).then === 'function') throw expected('a promise');
  const { x: after } = answer as { x?: unknown };
  if (!isNumbers(after)) throw expected(`an object whose x is ${after === null ? 'null' : typeof after}`);
  if (after.length !== x.length) throw expected(`${after.length} numbers`);
  const values = Float64Array.from(after);
  const odd = values.findIndex((entry) => !Number.isFinite(entry));
  if (odd >= 0 && [...x, ...gradient].every(Number.isFinite)) {
    throw new Misbehaviour(`step: finite numbers became ${values[odd]} in x[${odd}] ${given}`);
  }
  return values;
}

function isNumbers(value: unknown): value is Numbers {
  return (
    (Array.isArray(value) && value.every((entry) => typeof entry === 'number')) ||
    (ArrayBuffer.isView(value) && !(value instanceof DataView))
  );
}

function listed(values: Float64Array): string {
  const shown = [...values.subarray(0, 8)].join(', ');
  return `[${shown}${values.length > 8 ? ', …' : ''}]`;
}

function copied(state: unknown): unknown {
  try {
    return structuredClone(state);
  } catch (error) {
    throw new Misbehaviour(`the state cannot be copied: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
