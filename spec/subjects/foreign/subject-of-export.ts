import { includes } from '../../../src/algebra/domain.js';
import {
  findMethod,
  float64,
  type LeastSquaresSolver,
  methodsIn,
  type Solver,
  subproblems,
  type Transform,
} from '../../../src/index.js';
import type { GradientApplier } from '../../../src/tensors/applied-gradients.js';
import { optimizerOf } from '../adapt.js';
import { claims as ourClaims, universal } from '../claims.js';
import { lineSearchSubject, subproblemSubject } from '../second-order/our-parts.js';
import { leastSquaresSubject, solverSubject } from '../second-order/our-solvers.js';
import type { OptimizerSubject, Promised, Subject } from '../subject.js';
import { partKinds } from './parts.js';
import { type Pipeline, pipelineSubject } from './pipeline.js';
import { mustAgree, type PlainOptimizer, type PlainSteps, plainSubject } from './plain.js';
import { type PlainSolver, plainFitSubject, plainSolverSubject, steppedSolver } from './plain-solver.js';
import { statefulSubject } from './stateful.js';

/** What is said of a subject beside what its module says; it comes before that. */
export interface Said {
  readonly claims?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * Whatever a module exports, as a subject of the laws: a plain optimizer, a function (x, gradient) → x, a transform,
 * method or solver of ours, anything with `applyGradients`, or a function without arguments that makes one of these.
 *
 * @param name what it is called where it has no name of its own
 * @throws TypeError where it is none of these; RangeError or TypeError where the options are not the claimed method's
 * @example await subjectOfExport((x, g) => x.map((xi, i) => xi - 0.1 * g[i]), 'mine')
 */
export async function subjectOfExport(exported: unknown, name: string, said: Said = {}): Promise<Subject> {
  if (typeof exported === 'function' && exported.length === 1) return ofOneArgument(exported, name, said);
  if (typeof exported === 'function' && exported.length >= 2) {
    const anonymous = ['', 'default', '_default'].includes(exported.name);
    return subjectOfExport({ step: exported }, anonymous ? name : exported.name, said);
  }
  const maker = typeof exported === 'function' ? (exported as () => unknown) : undefined;
  const made = maker === undefined ? exported : maker();
  if (made === null || typeof made !== 'object') throw unusable(made, maker);
  const given = made as Record<string, unknown>;
  const has = (call: string) => typeof given[call] === 'function';
  const own = typeof given.name === 'string' && given.name !== '' ? given.name : name;
  const part = partOf(given, own, said, has);
  if (part !== undefined) return part;
  if (has('init') && has('update')) return transformSubject(made as Transform, own, said);
  if (has('start')) return solverSubject(own, () => made as Solver, ['U6', 'U7', '73', '74']);
  if (has('startResiduals')) {
    return leastSquaresSubject(own, () => made as LeastSquaresSolver, ['U6b', 'U7b', '73b', '74b']);
  }
  if (has('applyGradients')) return applierSubject(made as GradientApplier, maker, own, said);
  if (has('minimize') || has('leastSquares') || solves(said.claims ?? given.claims)) {
    return solverOf(given, own, said, has);
  }
  if (!has('step') && !has('create')) throw unusable(made, maker);
  const bound = (call: 'init' | 'step' | 'create') =>
    has(call) ? { [call]: (given[call] as (...args: unknown[]) => unknown).bind(made) } : {};
  const { claims, options, precision } = given as unknown as PlainOptimizer;
  const stated = { claims: said.claims ?? claims, options: said.options ?? options };
  const defaults = optionsOf(stated.claims, stated.options);
  const plain = { name: own, precision, ...stated, ...bound('init'), ...bound('step'), ...bound('create') };
  return plainSubject(plain as PlainOptimizer, defaults);
}

/**
 * Every option of the method of this name, the others standing at their defaults; none for a stranger.
 *
 * @throws RangeError or TypeError on an unknown method, or an option that is not the method's or not allowed
 */
export function optionsOf(
  claims: string | undefined,
  options: object = {},
): Readonly<Record<string, unknown>> {
  if (claims === undefined) return {};
  const method = findMethod(claims);
  method.create(options as Record<string, unknown>); // looks the options over
  return { ...method.defaults, ...options };
}

const kinds = ['optimizer', 'solver', ...Object.keys(partKinds), 'pipeline'];

/** A piece of an optimizer, by the kind that it says or by its shape; nothing where it is none. */
function partOf(
  given: Readonly<Record<string, unknown>>,
  name: string,
  said: Said,
  has: (call: string) => boolean,
): Subject | undefined {
  const about = {
    name,
    claims: said.claims ?? (given.claims as string | undefined),
    options: said.options ?? (given.options as Readonly<Record<string, unknown>> | undefined),
  };
  const own = ourPart(given, has);
  if (own !== undefined) return { ...own, name };
  const kind = given.kind ?? (has('at') ? 'schedule' : undefined);
  if (kind === undefined || kind === 'optimizer' || kind === 'solver') return undefined;
  if (kind === 'pipeline') {
    if (has('pipeline')) return ofPipeline(given.pipeline as Pipeline, about);
    throw new TypeError(
      `kind 'pipeline': expected pipeline(frames), got ${keysOf(given)}; for example\n\n${examples.pipeline}`,
    );
  }
  const made = Object.hasOwn(partKinds, kind as string) ? partKinds[kind as string] : undefined;
  if (made === undefined) {
    throw new TypeError(`kind: expected one of ${kinds.join(', ')}, got '${String(kind)}'`);
  }
  if (!has(made.needs)) {
    throw new TypeError(
      `kind '${kind}': expected ${made.needs}, got ${keysOf(given)}; for example\n\n${made.example}`,
    );
  }
  return made.make(given, about);
}

/** A search, subproblem or operator of ours, which says itself what it is. */
function ourPart(
  given: Readonly<Record<string, unknown>>,
  has: (call: string) => boolean,
): Subject | undefined {
  const { kind, name } = given;
  if (kind !== undefined) return undefined;
  const made = given as never;
  if (has('search') && Object.hasOwn(promises, name as string)) {
    const { options } = given as { options: Readonly<Record<string, number>> };
    return lineSearchSubject(made, promises[name as string](options));
  }
  if (has('start') && subproblems.some((one) => one.name === name)) {
    return subproblemSubject(name as string, made, name === 'exact' ? 0.1 : 0);
  }
  return undefined;
}

/** What our line searches promise of a step, by their options. */
const promises: Readonly<Record<string, (options: Readonly<Record<string, number>>) => Promised>> = {
  backtracking: ({ c1, shrinkAtLeast, shrinkAtMost }) => ({
    decrease: c1,
    slack: 0,
    shrinks: [shrinkAtLeast, shrinkAtMost],
  }),
  strongWolfe: ({ c1, c2 }) => ({ decrease: c1, curvature: c2, strong: true, slack: 2 ** -50 }),
  // Slopes stand in for values without a slack too.
  hagerZhang: ({ delta, sigma, slack }) => ({
    decrease: delta,
    curvature: sigma,
    slack: slack || Number.MIN_VALUE,
  }),
};

/** A function of one argument: a schedule where it answers a number with a number, else a pipeline. */
function ofOneArgument(exported: unknown, name: string, said: Said): Subject {
  const call = exported as (argument: unknown) => unknown;
  let rate: unknown;
  try {
    rate = call(0);
  } catch {} // a pipeline, which wants a stream
  if (typeof rate === 'number') return partKinds.schedule.make({ at: call }, { name, ...said });
  return ofPipeline(call as Pipeline, { name, ...said });
}

function ofPipeline(
  pipeline: Pipeline,
  { name, claims, options }: Said & { readonly name: string },
): Subject {
  return pipelineSubject(name, pipeline, { claims, options }, optionsOf(claims, options));
}

/** Whether the claim is a method that chooses the points it evaluates. */
function solves(claims: unknown): boolean {
  return typeof claims === 'string' && findMethod(claims).runsIn !== 'train';
}

/** What has `minimize` or `leastSquares`, or `step` and the claim of a method that runs there. */
function solverOf(
  given: Readonly<Record<string, unknown>>,
  name: string,
  said: Said,
  has: (call: string) => boolean,
): Subject {
  const { minimize, leastSquares, step, init } = given as unknown as PlainSolver & PlainSteps;
  const claims = said.claims ?? (given.claims as string | undefined);
  const method = claims === undefined ? undefined : findMethod(claims);
  const place = method?.runsIn ?? (has('minimize') ? 'minimize' : 'leastSquares');
  const calls = place === 'leastSquares' ? ['leastSquares', 'minimize', 'step'] : ['minimize', 'step'];
  if (place === 'train' || !calls.some(has)) {
    const expected =
      place === 'train'
        ? `expected a method that is run by minimize or leastSquares, got '${claims}'`
        : `expected ${calls.join(' or ')} beside the claim '${claims}', got ${keysOf(given)}`;
    throw new TypeError(`claims: ${expected}; for example\n\n${examples.solver}`);
  }
  const run = (has('leastSquares') && place === 'leastSquares' ? leastSquares : minimize)?.bind(given);
  const stepped = steppedSolver({ step: step?.bind(given), init: init?.bind(given) } as PlainSteps);
  const fixed = optionsOf(method?.name, said.options ?? (given.options as object | undefined));
  const subject = place === 'leastSquares' ? plainFitSubject : plainSolverSubject;
  return subject({ name, claims: method?.name }, (run ?? stepped) as typeof stepped, fixed);
}

function transformSubject(transform: Transform, name: string, said: Said): OptimizerSubject {
  if (transform.needs?.includes('layers')) {
    throw new TypeError(
      `expected a method that no network must be trained for, got ${name}, which asks for the layers of one; a K-FAC with init and step is shown them in more.layers`,
    );
  }
  const own = said.claims === undefined ? ownOptions(transform) : undefined;
  const method = said.claims ?? (own === undefined ? undefined : transform.name);
  const fixed = optionsOf(method, said.options ?? own);
  return {
    kind: 'optimizer',
    name,
    method: method ?? 'stranger',
    epsilon: float64.epsilon,
    claims: (method === undefined ? undefined : ourClaims[method]) ?? universal,
    fixed,
    create(options) {
      mustAgree(fixed, options);
      return optimizerOf(float64, transform);
    },
    scope: (body) => float64.scope(body),
  };
}

/** The options of a method of ours as it was made; nothing where they cannot be read off it, or it is another's. */
function ownOptions({ name, options }: Transform): Readonly<Record<string, unknown>> | undefined {
  const method = methodsIn('train').get(name);
  if (method === undefined || !(name in ourClaims)) return undefined;
  const { options: usual } = method.create();
  const readable: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(options)) {
    const described = method.options[option];
    if (described === undefined) return undefined;
    if (includes(described.allows, value, method.defaults)) readable[option] = value;
    else if (JSON.stringify(value) !== JSON.stringify(usual[option])) return undefined;
  }
  return readable;
}

/** Loads TensorFlow.js, if the module has not done so. */
async function applierSubject(
  optimizer: GradientApplier,
  maker: (() => unknown) | undefined,
  name: string,
  { claims, options }: Said,
): Promise<OptimizerSubject> {
  const { appliedGradients } = await import('../../../src/tensors/applied-gradients.js');
  const again = maker ?? remakerOf(optimizer);
  if (maker !== undefined) optimizer.dispose?.(); // it was made to be looked at
  return statefulSubject(
    {
      name: name === 'default' ? optimizer.constructor.name : name,
      claims,
      options,
      epsilon: 2 ** -23,
      start: (x, shapes) => appliedGradients(again() as GradientApplier, x, shapes),
    },
    optionsOf(claims, options),
  );
}

/** Another instance like this one, which TensorFlow.js's own optimizers know how to make. */
function remakerOf(optimizer: object): () => unknown {
  const { getConfig } = optimizer as { getConfig?: () => object };
  const { fromConfig } = optimizer.constructor as { fromConfig?: (type: unknown, config: object) => unknown };
  if (typeof getConfig !== 'function' || typeof fromConfig !== 'function') {
    throw new TypeError(
      `expected a function that makes the optimizer, so that several can run side by side, got one instance; for example\n\n${examples.applier}`,
    );
  }
  return () => fromConfig.call(optimizer.constructor, optimizer.constructor, getConfig.call(optimizer));
}

function unusable(got: unknown, maker: unknown): TypeError {
  const what = got === null ? 'null' : typeof got === 'object' ? `an object with ${keysOf(got)}` : typeof got;
  const place = maker === undefined ? 'a default export' : 'a default export that makes';
  return new TypeError(`expected ${place} an optimizer, got ${what}; for example\n\n${examples.plain}`);
}

function keysOf(object: object): string {
  const keys = Object.keys(object);
  return keys.length === 0 ? 'nothing in it' : keys.join(', ');
}

export const examples = {
  plain: `export default {
  name: 'my momentum',
  init: (x) => new Float64Array(x.length),
  step(x, gradient, velocity) {
    const next = velocity.map((v, i) => 0.9 * v + gradient[i]);
    return { x: x.map((xi, i) => xi - 0.01 * next[i]), state: next };
  },
};`,
  solver: `export default {
  name: 'my descent',
  minimize({ value, gradient }, start, { iterations, onStep }) {
    let x = start;
    for (let k = 0; k < iterations; k++) {
      const g = gradient(x);
      let rate = 1;
      while (value(x.map((xi, i) => xi - rate * g[i])) > value(x) && rate > 1e-12) rate /= 2;
      x = x.map((xi, i) => xi - rate * g[i]);
      onStep(x);
    }
  },
};`,
  pipeline: `import { gradient, learningRate, momentum } from 'fluxion/streams';
import { pipe } from 'rxjs';

export default { kind: 'pipeline', name: 'mine', pipeline: pipe(gradient(), momentum(0.9), learningRate(0.01)) };`,
  applier: `import * as tf from '@tensorflow/tfjs';

export default () => tf.train.adam(0.001);`,
};
