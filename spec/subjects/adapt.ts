import { treeSize } from '../../src/algebra/flatten.js';
import {
  type Algebra,
  type CurvatureKind,
  denseOperator,
  leaves,
  mapTree,
  methodsIn,
  modelCurvature,
  type Objective,
  Random,
  restore,
  type Saved,
  SavedArray,
  type State,
  save,
  type Tree,
} from '../../src/index.js';
import type { Context, Measures, Transform } from '../../src/transforms/index.js';
import { claims } from './claims.js';
import { type DenseModel, liftedModel, linearModel } from './dense-model.js';
import type { Moment, Optimizer, OptimizerSubject, Point } from './subject.js';
import { isSingle } from './trajectory.js';

/**
 * One of our transforms or methods, in one arithmetic, as a subject of the laws.
 *
 * @example subjectOf(float64, 'adam', adam)
 */
export function subjectOf<T>(
  algebra: Algebra<T>,
  method: string,
  create: (options: object) => Transform,
): OptimizerSubject {
  return {
    kind: 'optimizer',
    name: `${method} (${algebra.name})`,
    method: nameOf(method),
    epsilon: algebra.epsilon,
    claims: claims[nameOf(method)] ?? [],
    create: (options) => optimizerOf(algebra, create(options)),
    scope: (body) => algebra.scope(body),
  };
}

/** The name of a method that may be called by an alias. */
function nameOf(method: string): string {
  const methods = [...methodsIn('train').values()];
  return methods.find(({ aliases }) => aliases.includes(method))?.name ?? method;
}

/** A transform as an optimizer over arrays on the host. What it does to its inputs shows in what it was given. */
export function optimizerOf<T>(algebra: Algebra<T>, transform: Transform): Optimizer {
  return {
    init: (parameters) => transform.init(arraysOf(algebra, parameters), algebra),
    step(state, moment) {
      const parameters = arraysOf(algebra, moment.parameters);
      const gradient = arraysOf(algebra, moment.gradient);
      const next = transform.update(contextOf(algebra, moment, parameters, gradient), state as State<T>);
      writeBack(algebra, moment.parameters, parameters);
      writeBack(algebra, moment.gradient, gradient);
      const update = leaves(algebra, next.update).map((leaf) => lowered(algebra, leaf));
      if (next.measures === undefined && next.outcome === undefined) return { update, state: next.state };
      // Trouble that ends a run is told, as a NaN that leaves it would be.
      const trouble = next.outcome ? [Number.NaN] : [];
      return { update, state: next.state, measures: [...measured(algebra, next.measures ?? {}), ...trouble] };
    },
    save: (state) => save(algebra, state as State<T>),
    restore: (saved) => restore(algebra, saved as Saved),
  };
}

/** All numbers that a step reports. */
function measured<T>(algebra: Algebra<T>, measures: Measures<T>): number[] {
  return Object.values(measures).flatMap((measure) =>
    ((Array.isArray(measure) ? measure : [measure]) as readonly (T | number)[]).flatMap((one) =>
      typeof one === 'number' ? one : [...algebra.values(one)],
    ),
  );
}

const randomStates: (readonly number[])[] = [];

/** What the random numbers of a step begin with. Neighbouring seeds alone begin alike. */
function randomAt(step: number): readonly number[] {
  return (randomStates[step] ??= new Random(step).fork('step').state());
}

const ofModels: readonly CurvatureKind[] = ['gaussNewton', 'fisher', 'empiricalFisher'];
const withHessian: readonly CurvatureKind[] = [...ofModels, 'hessian'];

function contextOf<T>(
  algebra: Algebra<T>,
  { loss, step, hessian, model }: Moment,
  parameters: readonly T[],
  gradient: readonly T[],
): Context<T> {
  const value = algebra.fill([], loss);
  const plain = hessian === undefined && model === undefined;
  return {
    algebra,
    update: gradient,
    gradient,
    parameters,
    loss: value,
    step,
    random: Random.restore(randomAt(step)),
    objective: plain ? undefined : new StandIn(algebra, value, parameters, gradient, hessian, model),
  };
}

/** The objective of a course, which has gradients and perhaps a Hessian or a model, and no function. */
class StandIn<T> implements Objective<T> {
  readonly curvatures: readonly CurvatureKind[];

  constructor(
    private readonly algebra: Algebra<T>,
    private readonly loss: T,
    private readonly parameters: readonly T[],
    private readonly gradient: readonly T[],
    private readonly hessian: Float64Array | undefined,
    private readonly model: DenseModel | undefined,
  ) {
    this.curvatures = hessian === undefined ? ofModels : withHessian;
  }

  value(): T {
    return this.loss;
  }

  /** Of the quadratic with this Hessian, so that a method that looks again sees curvature. */
  valueAndGradient(at: Tree<T>): { value: T; gradient: Tree<T> } {
    const { algebra, loss, gradient, parameters } = this;
    if (this.hessian === undefined) return { value: loss, gradient };
    const moved = mapTree(algebra, (x, y) => algebra.sub(x, y), at, parameters);
    const bent = this.curvature('hessian').apply(moved);
    return { value: loss, gradient: mapTree(algebra, (g, b) => algebra.add(g, b), gradient, bent) };
  }

  curvature(kind: CurvatureKind) {
    const { algebra, parameters } = this;
    return kind === 'hessian'
      ? denseOperator(algebra, this.hessian!, parameters, { name: 'hessian', symmetric: true })
      : modelCurvature(algebra, kind, this.linearized(parameters), parameters);
  }

  linearized(at: Tree<T>) {
    const { algebra, model, parameters } = this;
    return liftedModel(algebra, model ?? linearModel(treeSize(algebra, parameters)), at);
  }
}

/** A point as arrays of this arithmetic. */
export function arraysOf<T>(algebra: Algebra<T>, point: Point): readonly T[] {
  return point.map(({ data, shape }) => algebra.array(data, shape));
}

/** An array of this arithmetic as one on the host. */
export function lowered<T>(algebra: Algebra<T>, x: T): SavedArray {
  return new SavedArray(algebra.shape(x), algebra.values(x));
}

/** Lets the owner of the point see what was done to its copies in this arithmetic. */
function writeBack<T>(algebra: Algebra<T>, to: Point, from: readonly T[]): void {
  const single = isSingle(algebra.epsilon);
  for (let leaf = 0; leaf < from.length; leaf++) {
    const { data } = to[leaf];
    const after = algebra.values(from[leaf]);
    for (let i = 0; i < data.length; i++) {
      const before = single ? Math.fround(data[i]) : data[i];
      if (!Object.is(before, after[i])) data[i] = after[i];
    }
  }
}
