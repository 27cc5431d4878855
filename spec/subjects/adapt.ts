import { treeSize } from '../../src/algebra/flatten.js';
import {
  type Algebra,
  type CurvatureKind,
  denseOperator,
  leaves,
  mapTree,
  methodsIn,
  modelCurvature,
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
import { liftedModel, linearModel } from './dense-model.js';
import type { Moment, Optimizer, OptimizerSubject, Point } from './subject.js';
import { rounding } from './trajectory.js';

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
      return {
        update: leaves(algebra, next.update).map((leaf) => lowered(algebra, leaf)),
        state: next.state,
        // Trouble that ends a run is told, as a NaN that leaves it would be.
        measures: [...measured(algebra, next.measures ?? {}), ...(next.outcome ? [Number.NaN] : [])],
      };
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

function contextOf<T>(
  algebra: Algebra<T>,
  { loss, step, hessian, model }: Moment,
  parameters: readonly T[],
  gradient: readonly T[],
): Context<T> {
  const value = algebra.fill([], loss);
  const context = {
    algebra,
    update: gradient,
    gradient,
    parameters,
    loss: value,
    step,
    random: new Random(step).fork('step'), // neighbouring seeds alone begin alike
  };
  if (hessian === undefined && model === undefined) return context;
  const linearized = (at: Tree<T>) =>
    liftedModel(algebra, model ?? linearModel(treeSize(algebra, parameters)), at);
  const kinds: readonly CurvatureKind[] = ['gaussNewton', 'fisher', 'empiricalFisher'];
  return {
    ...context,
    objective: {
      value: () => value,
      // Of the quadratic with this Hessian, so that a method that looks again sees curvature.
      valueAndGradient(at: Tree<T>): { value: T; gradient: Tree<T> } {
        if (hessian === undefined) return { value, gradient };
        const moved = mapTree(algebra, (x, y) => algebra.sub(x, y), at, parameters);
        const bent = denseOperator(algebra, hessian, parameters, { symmetric: true }).apply(moved);
        return { value, gradient: mapTree(algebra, (g, b) => algebra.add(g, b), gradient, bent) };
      },
      curvatures: hessian === undefined ? kinds : [...kinds, 'hessian'],
      curvature: (kind) =>
        kind === 'hessian'
          ? denseOperator(algebra, hessian!, parameters, { name: 'hessian', symmetric: true })
          : modelCurvature(algebra, kind, linearized(parameters), parameters),
      linearized,
    },
  };
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
  const round = rounding(algebra.epsilon);
  from.forEach((x, i) => {
    const { data } = to[i];
    const after = algebra.values(x);
    for (let j = 0; j < data.length; j++) if (!Object.is(round(data[j]), after[j])) data[j] = after[j];
  });
}
