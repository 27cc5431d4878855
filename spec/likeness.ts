import fc from 'fast-check';
import { float64, methodsIn, type Transform } from '../src/index.js';
import { courses as drawnCourses } from './arbitraries/courses.js';
import { optionsOf } from './arbitraries/options.js';
import { pointRounding } from './laws/points.js';
import { optimizerOf } from './subjects/adapt.js';
import { claims } from './subjects/claims.js';
import { flat, largest, norm } from './subjects/point.js';
import type { OptimizerSubject } from './subjects/subject.js';
import { type Course, momentAt, type Ride, ride } from './subjects/trajectory.js';

/** A known method, with options, that makes the steps that a subject makes. */
export interface Likeness {
  readonly method: string;
  /** Those that are not the method's defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Step for step to rounding, within a thousandth, or for the first steps alone. */
  readonly agrees: 'exactly' | 'nearly' | 'at first';
  /** Whether the steps are those of the method with the opposite sign. */
  readonly turned?: boolean;
  /** Steps that agree, of so many. */
  readonly steps: number;
  readonly of: number;
  /** The largest difference, relative to the longest step so far. */
  readonly deviation: number;
}

type Options = Readonly<Record<string, unknown>>;

/** Values that are tried beside a default and what the subject states; the rate is read off the subject's steps. */
const usual: Readonly<Record<string, readonly unknown[]>> = {
  beta: [0.9, 0, 0.5, 0.8, 0.95, 0.99],
  beta1: [0.9, 0.95, 0, 0.5],
  beta2: [0.999, 0.99, 0.95, 0.9],
  epsilon: [1e-8, 1e-6],
  epsilonPlace: ['beside', 'inside', 'besideUncorrected'],
  weightDecay: [0, 0.01, 0.1],
  initial: [0, 0.1],
};

const steps = 6;
const nearby = 1e-3;

/**
 * The known methods that agree with a subject, best first: with their defaults, with options that the subject states,
 * and with values that are usual. A rate is fitted, since steps are proportional to it.
 */
export function likenesses(subject: OptimizerSubject, seed: number, most = 4): readonly Likeness[] {
  const [options] = fc.sample(optionsOf(subject), { seed, numRuns: 1 });
  const count = { min: steps, max: steps };
  const courses = [[3], [2, 2], [2]].flatMap((shape) =>
    fc.sample(drawnCourses({ shapes: () => [shape], zeros: false, steps: count }), { seed, numRuns: 1 }),
  );
  const rides = courses.map((course) => ride(subject.create(options), course, subject.epsilon));
  const found: Likeness[] = [];
  for (const method of methodsIn('train').values()) {
    if (!(method.name in claims)) continue;
    const tried = variantsOf(method, options);
    // On most options the first step does not depend: where it is another's, the rest need no trial.
    const telling = tried.filter((variant) => onlyTelling(method, variant));
    if (!telling.some((variant) => likened(subject, method, variant, [rides[0]], courses, 1))) continue;
    for (const variant of tried) {
      const one = likened(subject, method, variant, rides, courses, steps);
      if (one !== undefined) found.push(one);
    }
  }
  const rank = ({ agrees }: Likeness) => ['exactly', 'nearly', 'at first'].indexOf(agrees);
  const plainer = (a: Likeness, b: Likeness) => Object.keys(a.options).length - Object.keys(b.options).length;
  found.sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (a.agrees === 'exactly') return plainer(a, b);
    return b.steps - a.steps || a.deviation - b.deviation || plainer(a, b);
  });
  // A first step alone is shared by too many to mean anything.
  const best = found.filter(({ agrees, steps: agreed }) => agrees === found[0].agrees && agreed > 1);
  const equal = found[0]?.agrees === 'exactly' ? best.filter((one) => plainer(one, best[0]) === 0) : best;
  return equal
    .filter((one, i) => equal.findIndex(({ method }) => method === one.method) === i)
    .slice(0, most);
}

type Known = ReturnType<typeof methodsIn<'train'>> extends ReadonlyMap<string, infer Entry> ? Entry : never;

function variantsOf({ options, defaults }: Known, stated: Options): Options[] {
  let variants: Options[] = [{}];
  for (const name of Object.keys(options)) {
    const values = [defaults[name], ...(usual[name] ?? [])];
    if (name in stated && name !== 'learningRate') values.unshift(stated[name]);
    variants = variants.flatMap((variant) =>
      [...new Set(values)].map((value) => ({ ...variant, [name]: value })),
    );
  }
  return variants;
}

/** Options on which the first step depends, its length aside. */
const tellingOptions = ['weightDecay', 'epsilon', 'epsilonPlace', 'initial'];

function onlyTelling({ defaults }: Known, variant: Options): boolean {
  return Object.entries(variant).every(
    ([name, value]) => tellingOptions.includes(name) || value === defaults[name],
  );
}

/** How like the subject a method with these options is on the first so many steps; nothing where not even the first is. */
function likened(
  subject: OptimizerSubject,
  method: Known,
  variant: Options,
  rides: readonly Ride[],
  courses: readonly Course[],
  first: number,
): Likeness | undefined {
  try {
    const rate = 'learningRate' in method.options ? rateOf(method, variant, rides[0], courses[0], first) : {};
    if (rate === undefined) return undefined;
    return compared(subject, method, { ...variant, ...rate }, rides, courses, first);
  } catch {
    return undefined; // options that exclude each other, or a need that a course does not meet
  }
}

/** The rate that makes the first step that moves as long as the subject's; nothing where there is none. */
function rateOf(
  method: Known,
  options: Options,
  own: Ride,
  course: Course,
  first: number,
): Options | undefined {
  const lengths = own.updates.slice(0, first).map((update) => norm(flat(update)));
  const at = Math.max(
    0,
    lengths.findIndex((length) => length > 0),
  );
  const theirs = norm(updatesOf(method.create({ ...options, learningRate: 1 }), own.parameters, course)[at]);
  const rate = lengths[at] / theirs;
  if (lengths[at] === 0 && theirs === 0) return {}; // neither has moved yet
  if (!Number.isFinite(rate) || rate === 0) return undefined;
  const round = Number(rate.toPrecision(6));
  return { learningRate: Math.abs(round - rate) < 1e-6 * rate ? round : rate };
}

function compared(
  subject: OptimizerSubject,
  method: Known,
  options: Options,
  rides: readonly Ride[],
  courses: readonly Course[],
  first: number,
): Likeness | undefined {
  const exact = subject.epsilon > 2 ** -30 ? 1e-4 : 1e-9;
  const made = method.create(options);
  let agreed = first;
  let deviation = 0;
  let exactly = true;
  let turned: boolean | undefined;
  for (const [k, { updates, parameters }] of rides.entries()) {
    const theirs = updatesOf(made, parameters, courses[k]);
    let size = 0;
    for (const [step, update] of updates.slice(0, first).entries()) {
      const own = flat(update);
      turned ??= own.reduce((total, u, i) => total + u * theirs[step][i], 0) < 0;
      const sign = turned ? -1 : 1;
      size = Math.max(size, largest(own), largest(theirs[step]));
      const rounding = Math.max(...own.map((_, i) => pointRounding(subject, rides[k], step, i)));
      const error = largest(own.map((u, i) => u - sign * theirs[step][i]));
      const relative = Math.max(0, error - rounding) / (size || 1);
      deviation = Math.max(deviation, Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative);
      if (!(relative <= exact)) exactly = false;
      if (relative <= nearby) continue;
      agreed = Math.min(agreed, step);
      break;
    }
    if (agreed === 0) return undefined;
  }
  const agrees = agreed < first ? 'at first' : exactly ? 'exactly' : 'nearly';
  const unusual = Object.entries(options).filter(([name, value]) => value !== method.defaults[name]);
  return {
    method: method.name,
    options: Object.fromEntries(unusual),
    agrees,
    ...(turned && { turned }),
    steps: agreed,
    of: first,
    deviation,
  };
}

/** The updates of a method that is shown these parameters. */
function updatesOf(method: Transform, parameters: Ride['parameters'], course: Course): Float64Array[] {
  return float64.scope(() => {
    const optimizer = optimizerOf(float64, method);
    let state = optimizer.init(course.start);
    return course.gradients.map((_, step) => {
      const next = optimizer.step(state, momentAt(course, parameters[step], step));
      state = next.state;
      return flat(next.update);
    });
  });
}
