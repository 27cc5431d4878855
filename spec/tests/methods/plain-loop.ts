import {
  type Algebra,
  float64,
  type HostArray,
  mapTree,
  type Objective,
  type Outcome,
  onBatch,
  type Problem,
  Random,
  type State,
  type Transform,
  type Tree,
} from '../../../src/index.js';

export interface Run<T> {
  /** x_0, x_1, …: one more than steps taken. */
  readonly points: Tree<T>[];
  readonly state: State<T>;
  readonly outcome?: Outcome;
}

/** The loop a method assumes, without a stream: gradient, transform, add. Frees nothing. */
export function run<T>(
  method: Transform,
  problem: Problem<T>,
  steps: number,
  from: { x?: Tree<T>; state?: State<T>; step?: number } = {},
): Run<T> {
  const { algebra } = problem;
  const random = new Random(1);
  const points = [from.x ?? problem.start(random)];
  let state = from.state ?? method.init(points[0], algebra);
  for (let taken = 0; taken < steps; taken++) {
    const parameters = points[taken];
    const { value, gradient } = problem.valueAndGradient(parameters, undefined);
    const objective = onBatch(problem, () => undefined);
    const next = method.update(
      {
        algebra,
        update: gradient,
        gradient,
        parameters,
        loss: value,
        step: (from.step ?? 0) + taken,
        random,
        objective,
      },
      state,
    );
    if (next.outcome !== undefined) return { points, state, outcome: next.outcome };
    state = next.state;
    points.push(mapTree(algebra, (x, u) => algebra.add(x, u), parameters, next.update));
  }
  return { points, state };
}

/** One update of a transform alone, for the given parameters and gradient, which is that of the loss everywhere. */
export function once<T>(
  transform: Transform,
  update: Tree<T>,
  parameters: Tree<T>,
  algebra: Algebra<T>,
  state: State<T> = transform.init(parameters, algebra),
) {
  const random = new Random(1);
  const loss = algebra.fill([], 0);
  const objective: Objective<T> = {
    value: () => algebra.copy(loss),
    valueAndGradient: () => ({
      value: algebra.copy(loss),
      gradient: mapTree(algebra, (g) => algebra.copy(g), update),
    }),
  };
  const given = { algebra, update, gradient: update, parameters, loss, step: 0, random, objective };
  return transform.update(given, state);
}

export const vector = (...values: number[]) => float64.array(values, [values.length]);
export const numbers = (x: unknown) => [...float64.values(x as HostArray)];
