import fc from 'fast-check';
import { findMethod, float64 } from '../../src/index.js';
import { courses } from '../arbitraries/courses.js';
import { optionsOf } from '../arbitraries/options.js';
import { type StepPicture, stepPicture } from '../step-picture.js';
import { optimizerOf } from '../subjects/adapt.js';
import { ourOptimizers } from '../subjects/ours.js';
import { flat, largest, mapPoint } from '../subjects/point.js';
import type { OptimizerSubject, Point } from '../subjects/subject.js';
import { type Course, momentAt, type Ride, ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { pointRounding } from './points.js';
import { bounded, threshold, valued } from './tolerance.js';

type Options = Readonly<Record<string, unknown>>;

export const agreement = law({
  id: 'A',
  name: 'agreement',
  statement:
    'Shown the same parameters and gradients, each step is that of the method: |Δ − Δ*| ≤ 30(ntε|Δ*| + what changes of gradients and options by ε do to Δ*) + ε(|x| + |x⁺|).',
  tolerance: 'K',
  source: "this package's method of that name, in float64; see docs/methods.md for its formula",
  kind: 'optimizer',
  sample: (subject) => fc.tuple(optionsOf(subject), courses({ zeros: false, steps: { min: 1, max: 6 } })),
  measure(subject, [options, course]) {
    const path = ride(subject.create(options), course, subject.epsilon);
    const expected = followed(subject.method, options, course, path.parameters);
    const moved = nudges.map(({ gradient, parameters, chosen }) => {
      const shown = (points: readonly Point[], nudge = same) =>
        points.map((point, t) => mapPoint(point, (x, i) => x + nudge(i, t) * subject.epsilon * x));
      const fed = { ...course, gradients: shown(course.gradients, gradient) };
      const others = chosen === undefined ? options : chosen(subject, options);
      return followed(subject.method, others, fed, shown(path.parameters, parameters));
    });
    let size = 0;
    return expected.flatMap((update, step) => {
      size = Math.max(size, largest(update));
      const n = Math.max(1, update.length);
      const got = flat(path.updates[step]);
      return [...update].map((u, i) => {
        const spread = moved.reduce((total, other) => total + Math.abs(other[step][i] - u), 0);
        const rounding = n * (step + 1) * subject.epsilon * size;
        const allowed = threshold * (rounding + spread) + pointRounding(subject, path, step, i);
        const what = `update ${step + 1}, entry ${i}`;
        return valued(bounded(what, Math.abs(got[i] - u), allowed), u, got[i]);
      });
    });
  },
  picture: (subject, [options, course]) => pictured(subject, options, course),
});

/** Where the first step on a course of two variables leads, on the quadratic that has its gradient and Hessian. */
function pictured(subject: OptimizerSubject, options: Options, course: Course): StepPicture | undefined {
  if (flat(course.start).length !== 2) return undefined;
  const { parameters } = ride(subject.create(options), course, subject.epsilon);
  const ours = followed(subject.method, options, course, parameters);
  const points = parameters.map(flat);
  const ends = ours.map((update, k) => points[k].map((x, i) => x + update[i]));
  const k = ends.findIndex(
    (end, i) => largest(end.map((x, j) => x - points[i + 1][j])) > 1e-9 * largest(ours[i]),
  );
  if (k < 0) return undefined;
  const [g, h] = [flat(course.gradients[k]), course.hessian ?? new Float64Array(4)];
  const value = (x: Float64Array) => {
    const [u, v] = [x[0] - points[k][0], x[1] - points[k][1]];
    return g[0] * u + g[1] * v + (h[0] * u * u + 2 * h[1] * u * v + h[3] * v * v) / 2;
  };
  return stepPicture(value, points[k], [ends[k]], [points[k + 1]]);
}

/** The updates of a method of ours that is shown these parameters, one after the other. */
export function followed(
  method: string,
  options: Options,
  course: Course,
  parameters: Ride['parameters'],
): Float64Array[] {
  return float64.scope(() => {
    const optimizer = reference(method).create(options);
    let state = optimizer.init(course.start);
    return course.gradients.map((_, step) => {
      const next = optimizer.step(state, momentAt(course, parameters[step], step));
      state = next.state;
      return flat(next.update);
    });
  });
}

const ours = new Map(ourOptimizers(float64).map((subject) => [subject.method, subject]));

/** Our method, or transform, of this name. */
function reference(method: string): Pick<OptimizerSubject, 'create'> {
  const known = ours.get(method);
  if (known !== undefined) return known;
  return {
    create: (options) => optimizerOf(float64, findMethod(method, 'train').create(options as Options)),
  };
}

const same = (_: number, __: number) => 0;

/** Changes as small as rounding: gradients to and fro in two ways, then parameters, and last the options. */
const nudges: readonly {
  gradient?(i: number, t: number): number;
  parameters?(i: number, t: number): number;
  chosen?(subject: OptimizerSubject, options: Options): Options;
}[] = [
  { gradient: (i, t) => ((i + t) % 2 === 0 ? 1 : -1) },
  { gradient: (i, t) => ((i + t) % 4 < 2 ? -1 : 1) },
  { parameters: (i, t) => ((i + t) % 2 === 0 ? 1 : -1) },
  { chosen: nudged },
];

/** Options as another arithmetic or another order of operations would have them: each real number off by ε. */
function nudged({ method, epsilon }: OptimizerSubject, options: Options): Options {
  const result: Record<string, unknown> = { ...options };
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'number' || Number.isInteger(value)) continue;
    try {
      const trial = { ...result, [name]: value * (1 - epsilon) };
      reference(method).create(trial);
      result[name] = trial[name];
    } catch {} // at the end of what is allowed
  }
  return result;
}
