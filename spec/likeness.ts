import fc from 'fast-check';
import { float64, methodsIn, type Transform } from '../src/index.js';
import { vectorCourses } from './arbitraries/courses.js';
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
  epsilonPlace: ['beside', 'inside'],
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
  const drawn = vectorCourses({ zeros: false, steps: { min: steps, max: steps } });
  const courses = fc.sample(drawn, { seed, numRuns: 5 });
  const rides = courses.map((course) => ride(subject.create(options), course, subject.epsilon));
  const found: Likeness[] = [];
  for (const method of methodsIn('train').values()) {
    if (!(method.name in claims)) continue;
    for (const variant of variantsOf(method, { ...options })) {
      try {
        const fitted = withRate(method, variant, rides[0], courses[0]);
        const one = fitted && compared(subject, method, fitted, rides, courses);
        if (one !== undefined) found.push(one);
      } catch {} // options that exclude each other, or a need that a course does not meet
    }
  }
  const rank = (one: Likeness) => [
    one.agrees === 'exactly' ? 0 : one.agrees === 'nearly' ? 1 : 2,
    -one.steps,
  ];
  found.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    const plainer = Object.keys(a.options).length - Object.keys(b.options).length;
    return (
      x[0] - y[0] || x[1] - y[1] || (a.agrees === 'exactly' ? plainer : a.deviation - b.deviation) || plainer
    );
  });
  const best = found.filter(({ agrees }) => agrees === found[0].agrees);
  return best.filter((one, i) => best.findIndex(({ method }) => method === one.method) === i).slice(0, most);
}

type Known = ReturnType<typeof methodsIn<'train'>> extends ReadonlyMap<string, infer Entry> ? Entry : never;

function variantsOf({ options, defaults }: Known, stated: Options): Options[] {
  const axes = Object.keys(options).map((name) => {
    const values = name in usual ? [defaults[name], ...usual[name]] : [defaults[name]];
    if (name in stated && name !== 'learningRate') values.unshift(stated[name]);
    return [name, [...new Set(values)]] as const;
  });
  let variants: Options[] = [{}];
  for (const [name, values] of axes) {
    variants = variants.flatMap((variant) => values.map((value) => ({ ...variant, [name]: value })));
  }
  return variants;
}

/** The options with the rate that makes the longest step as long as the subject's; nothing where there is none. */
function withRate(method: Known, options: Options, own: Ride, course: Course): Options | undefined {
  if (!('learningRate' in method.options)) return options;
  const lengths = own.updates.map((update) => norm(flat(update)));
  const at = lengths.indexOf(Math.max(...lengths));
  const trial = { ...options, learningRate: 1 };
  const theirs = norm(updatesOf(method.create(trial), own.parameters, course)[at]);
  const rate = lengths[at] / theirs;
  if (!Number.isFinite(rate) || rate === 0) return undefined;
  const round = Number(rate.toPrecision(6));
  return { ...options, learningRate: Math.abs(round - rate) < 1e-6 * rate ? round : rate };
}

function compared(
  subject: OptimizerSubject,
  method: Known,
  options: Options,
  rides: readonly Ride[],
  courses: readonly Course[],
): Likeness | undefined {
  const exact = subject.epsilon > 2 ** -30 ? 1e-4 : 1e-9;
  let agreed = steps;
  let deviation = 0;
  let near = 0;
  for (const [k, { updates, parameters }] of rides.entries()) {
    const theirs = updatesOf(method.create(options), parameters, courses[k]);
    let size = 0;
    for (const [step, update] of updates.entries()) {
      const own = flat(update);
      size = Math.max(size, largest(own), largest(theirs[step]));
      const rounding = Math.max(...own.map((_, i) => pointRounding(subject, rides[k], step, i)));
      const error = largest(own.map((u, i) => u - theirs[step][i]));
      const relative = Math.max(0, error - rounding) / (size || 1);
      deviation = Math.max(deviation, Number.isFinite(relative) ? relative : Number.POSITIVE_INFINITY);
      if (!(relative <= exact)) near = Math.max(near, relative);
      if (!(relative <= nearby)) {
        agreed = Math.min(agreed, step);
        break;
      }
    }
    if (agreed === 0) return undefined;
  }
  const agrees = agreed < steps ? 'at first' : near > 0 ? 'nearly' : 'exactly';
  const unusual = Object.entries(options).filter(([name, value]) => value !== method.defaults[name]);
  return {
    method: method.name,
    options: Object.fromEntries(unusual),
    agrees,
    steps: agreed,
    of: steps,
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
