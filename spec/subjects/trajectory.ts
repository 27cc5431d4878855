import { SavedArray } from '../../src/index.js';
import { flat, shaped } from './point.js';
import type { Moment, Optimizer, Point } from './subject.js';

/** Whether the arithmetic with this ε is float32, so that what it keeps is rounded to it. */
export function isSingle(epsilon: number): boolean {
  return epsilon > 2 ** -30;
}

/** x + u, rounded to the arithmetic with this ε: what the loop does with an update. */
export function moved(parameters: Point, update: Point, epsilon: number): Point {
  const single = isSingle(epsilon);
  return parameters.map(({ shape, data }, leaf) => {
    const step = update[leaf].data;
    const own = new Float64Array(data.length);
    for (let i = 0; i < own.length; i++) {
      own[i] = single ? Math.fround(data[i] + step[i]) : data[i] + step[i];
    }
    return new SavedArray(shape, own);
  });
}

/** What a run fed with given gradients did. */
export interface Ride {
  readonly updates: readonly Point[];
  /** One more than there are updates. */
  readonly parameters: readonly Point[];
  /** The numbers that the steps reported, one after the other. */
  readonly measures: readonly number[];
}

/** The same, and the state after each update, as plain data. */
export interface SavedRide extends Ride {
  readonly states: readonly unknown[];
}

export interface Course {
  readonly start: Point;
  readonly gradients: readonly Point[];
  readonly hessian?: Float64Array;
}

/** Gives an optimizer the gradients of the course, whatever the parameters become. */
export function ride(optimizer: Optimizer, course: Course, epsilon: number): Ride {
  return ridden(optimizer, course, epsilon, () => {});
}

/** The same, and saves its state after each step. */
export function savedRide(optimizer: Optimizer, course: Course, epsilon: number): SavedRide {
  const states: unknown[] = [];
  const went = ridden(optimizer, course, epsilon, (state) => states.push(optimizer.save(state)));
  return { ...went, states };
}

function ridden(optimizer: Optimizer, course: Course, epsilon: number, seen: (state: unknown) => void): Ride {
  const parameters = [course.start];
  const updates: Point[] = [];
  const measures: number[] = [];
  let state = optimizer.init(course.start);
  for (let step = 0; step < course.gradients.length; step++) {
    const next = optimizer.step(state, momentAt(course, parameters[step], step));
    state = next.state;
    updates.push(next.update);
    parameters.push(next.point ?? moved(parameters[step], next.update, epsilon));
    seen(state);
    if (next.measures !== undefined) measures.push(...next.measures);
  }
  return { updates, parameters, measures };
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
