import { type Window, windowAround, withEqualScales } from '../../../plot/window.js';
import type { LandscapeSampled } from '../../../record/events.js';
import type { Walk } from '../charts/landscape.js';
import { percent } from '../data/format.js';
import { leadingPlane, onPlane, type Plane } from '../data/plane.js';
import { record, visible } from './state.js';

/** The paths of a function's minimization as they can be drawn on a plane. */
export interface Walks {
  readonly methods: readonly number[];
  readonly walk: (method: number) => Walk;
  readonly whole: Window;
  /** What the two axes are called. */
  readonly names: readonly [string, string];
  readonly title: string;
  /** Whether the second axis is the value, in its own unit. */
  readonly isAlongLine: boolean;
  /** The function itself, where it is of two variables. */
  readonly landscape?: LandscapeSampled;
  /** The function's values along a line, where it is of one. */
  readonly profile?: LandscapeSampled;
}

/** Points of more variables than these are too many to look for a plane. */
const mostVariables = 200;
/** A plane is looked for anew when there are an eighth more points, so that the picture seldom turns. */
const growth = 9 / 8;

let plane: { readonly of: string; readonly points: number; readonly found: Plane | undefined } | undefined;

/** Two variables as they are; one over its values; more in the plane in which the paths go farthest. */
export function walksOf(): Walks | undefined {
  const having = visible.value.filter((method) => record.methods[method]!.points.length > 0);
  const first = having[0] ?? -1;
  const dimension = record.methods[first]?.points.coordinates.length ?? 0;
  // A run that is compared may be of another function: its points lie in another space.
  const methods = having.filter(
    (method) =>
      record.methods[method]!.points.coordinates.length === dimension &&
      problemOf(method) === problemOf(first),
  );
  const { landscape } = record;
  const points = (method: number) => record.methods[method]!.points;
  if (dimension === 2) {
    if (landscape === undefined) return undefined;
    return {
      methods,
      walk: points,
      whole: landscape,
      landscape,
      names: ['x₁', 'x₂'],
      title: 'over contours of the function',
      isAlongLine: false,
    };
  }
  if (dimension === 1) {
    const walk = (method: number) =>
      drawn(method, (index) => [points(method).at(index)[0]!, points(method).values.at(index)]);
    const whole = landscape === undefined ? windowOf(methods, walk) : profileWindow(landscape);
    return {
      methods,
      walk,
      whole,
      names: ['x', 'f'],
      title: 'along the function',
      isAlongLine: true,
      ...(landscape && { profile: landscape }),
    };
  }
  if (dimension < 3 || dimension > mostVariables) return undefined;
  const found = planeOf(methods);
  if (found === undefined) return undefined;
  const walk = (method: number) => drawn(method, (index) => onPlane(found, points(method).at(index)));
  const [one, other] = found.shares.map((share) => percent(share, 0));
  return {
    methods,
    walk,
    whole: withEqualScales(windowOf(methods, walk), 1, 1),
    isAlongLine: false,
    names: [`first direction, ${one}`, `second, ${other}`],
    title: `in the plane in which they go farthest, of ${dimension} variables`,
  };
}

/** The function that a method minimizes, as it was asked for. */
function problemOf(method: number): string | undefined {
  const { run } = record.sourceOf(method);
  return run?.asked ?? run?.problem;
}

function drawn(method: number, at: Walk['at']): Walk {
  const { points } = record.methods[method]!;
  return { steps: points.steps, length: points.length, at, indexAt: (step) => points.indexAt(step) };
}

function windowOf(methods: readonly number[], walk: (method: number) => Walk): Window {
  const tracks = methods.map((method) => ({
    points: Array.from({ length: walk(method).length }, (_, index) => walk(method).at(index)),
    values: Array.from(record.methods[method]!.points.values.view()),
  }));
  return windowAround(tracks);
}

/** Along a line the window is as high as the function's values, with a little room. */
function profileWindow({ x0, x1, values }: LandscapeSampled): Window {
  const finite = values.filter(Number.isFinite);
  const [low, high] = finite.length === 0 ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
  const room = 0.06 * (high - low || 1);
  return { x0, x1, y0: low - room, y1: high + room };
}

function planeOf(methods: readonly number[]): Plane | undefined {
  const of = `${record.started?.run} ${methods.join()}`;
  const total = methods.reduce((sum, method) => sum + record.methods[method]!.points.length, 0);
  const isOver = record.ended !== undefined;
  if (plane?.of !== of || total >= growth * plane.points || (isOver && total !== plane.points)) {
    const all = methods.flatMap((method) => record.methods[method]!.points.path());
    plane = { of, points: total, found: leadingPlane(all) };
  }
  return plane.found;
}
