import { flat, shaped } from './point.js';
import type { Moment, Optimizer, Point } from './subject.js';

/** Rounds to the arithmetic with this ε. */
export function rounding(epsilon: number): (value: number) => number {
  return epsilon > 2 ** -30 ? Math.fround : (value) => value;
}

/** x + u, rounded to the arithmetic with this ε: what the loop does with an update. */
export function moved(parameters: Point, update: Point, epsilon: number): Point {
  const round = rounding(epsilon);
  const step = flat(update);
  return shaped(
    parameters,
    flat(parameters).map((x, i) => round(x + step[i])),
  );
}

/** What a run fed with given gradients did. */
export interface Ride {
  readonly updates: readonly Point[];
  /** One more than there are updates. */
  readonly parameters: readonly Point[];
  /** The state after each update, as plain data. */
  readonly states: readonly unknown[];
  /** The numbers that the steps reported, one after the other. */
  readonly measures: readonly number[];
}

export interface Course {
  readonly start: Point;
  readonly gradients: readonly Point[];
  readonly hessian?: Float64Array;
}

/** Gives an optimizer the gradients of the course, whatever the parameters become. */
export function ride(optimizer: Optimizer, course: Course, epsilon: number): Ride {
  const parameters = [course.start];
  const updates: Point[] = [];
  const states: unknown[] = [];
  const measures: number[] = [];
  let state = optimizer.init(course.start);
  for (let step = 0; step < course.gradients.length; step++) {
    const next = optimizer.step(state, momentAt(course, parameters[step], step));
    state = next.state;
    updates.push(next.update);
    parameters.push(next.point ?? moved(parameters[step], next.update, epsilon));
    states.push(optimizer.save(state));
    measures.push(...(next.measures ?? []));
  }
  return { updates, parameters, states, measures };
}

export function momentAt(course: Course, parameters: Point, step: number): Moment {
  return { parameters, gradient: course.gradients[step], loss: 1, step, hessian: course.hessian };
}

/** The iterates x₀ … x_steps of an optimizer that is shown the true gradient at each of them. */
export function descent(
  optimizer: Optimizer,
  start: Point,
  gradient: (x: Float64Array) => Float64Array,
  steps: number,
  epsilon: number,
  more: { readonly value?: (x: Float64Array) => number; readonly hessian?: Float64Array } = {},
): Float64Array[] {
  const path = [flat(start)];
  let parameters = start;
  let state = optimizer.init(start);
  for (let step = 0; step < steps; step++) {
    const g = shaped(parameters, gradient(path[step]));
    const loss = more.value?.(path[step]) ?? 1;
    const next = optimizer.step(state, { parameters, gradient: g, loss, step, hessian: more.hessian });
    state = next.state;
    parameters = next.point ?? moved(parameters, next.update, epsilon);
    path.push(flat(parameters));
  }
  return path;
}
