import fc from 'fast-check';
import type { Minimization } from '../../../src/index.js';
import { dyadic, nonzeroDyadic } from '../../arbitraries/dyadic.js';
import { solverTraits } from '../../subjects/second-order/solver-traits.js';
import type { Trace } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { bitwise, bounded, comparable, type Deviation, forward } from '../tolerance.js';
import { guardedSteps } from './guarded-steps.js';

export const squareRoot = law({
  id: '13',
  name: 'Newton for the square root',
  statement: 'On f′ = x² − a the errors obey e⁺ = e²/2x, within 8ε·max(x, x⁺).',
  tolerance: 'K',
  source: 'Heron; Nocedal and Wright 2006, equation 11.7',
  kind: 'solver',
  // Starts from which every step is shorter than 1 and lowers f, so that guarded forms take it too.
  sample: () => fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 12, max: 24 })),
  measure(subject, [root, sixteenths]) {
    const r = root / 4;
    const a = r * r; // exact, as is its root
    const { points } = subject.trace(cubic(a), [(r * sixteenths) / 16], 3, {});
    return consecutive(points).map(([[x], [next]]) => {
      const e = x - r;
      return bounded(
        'e⁺ − e²/2x',
        Math.abs(next - r - (e * e) / (2 * x)),
        8 * subject.epsilon * Math.max(x, next),
      );
    });
  },
});

/** Slopes on which Newton's method fails, from x = 1, each in its own way; and after how many steps that shows. */
const failures: Readonly<
  Record<string, Required<Pick<Univariate, 'value' | 'slope' | 'bend'>> & { kind: string; steps: number }>
> = {
  // x − 2x = −x, again and again.
  oscillates: {
    value: (x) => (2 / 3) * Math.abs(x) ** 1.5,
    slope: (x) => Math.sign(x) * Math.sqrt(Math.abs(x)),
    bend: (x) => 1 / (2 * Math.sqrt(Math.abs(x))),
    kind: 'diverged',
    steps: 2,
  },
  // x − 3x = −2x: each step is twice the last.
  overshoots: {
    value: (x) => 0.75 * Math.abs(x) ** (4 / 3),
    slope: Math.cbrt,
    bend: (x) => 1 / (3 * Math.cbrt(x) ** 2),
    kind: 'diverged',
    steps: 5,
  },
  straight: { value: (x) => x, slope: () => 1, bend: () => 0, kind: 'singular', steps: 0 },
  concave: { value: (x) => (-x * x) / 2, slope: (x) => -x, bend: () => -1, kind: 'diverged', steps: 0 },
};

interface Univariate {
  value(x: number): number;
  slope(x: number): number;
  bend(x: number): number;
}

export const namedFailures = law({
  id: '13c',
  name: 'Newton’s failures are named',
  statement:
    'On f′ = ±√|x| the iterates go to and fro, on ∛x each step is longer than the last, where f″ = 0 nothing can be divided by, and where f″ < 0 the step leads to a maximum: the run ends, with the outcome of each, as soon as that shows.',
  tolerance: 'B',
  source: 'Dennis and Schnabel 1996, section 2.4: how Newton’s method fails',
  kind: 'solver',
  sample: () =>
    fc.tuple(
      fc.constantFrom(...Object.keys(failures)),
      fc.integer({ min: -60, max: 60 }),
      fc.integer({ min: -60, max: 60 }),
      fc.constantFrom(1, -1),
    ),
  measure(subject, [name, j, k, side]) {
    const { value, slope, bend, kind, steps } = failures[name];
    const [unit, scale] = [2 ** j, 2 ** k];
    const problem = {
      value: ([x]: Float64Array) => value(x / unit) * scale,
      gradient: ([x]: Float64Array) => Float64Array.of((slope(x / unit) * scale) / unit),
      hessian: ([x]: Float64Array) => Float64Array.of((bend(x / unit) * scale) / unit / unit),
    };
    const { points, outcome } = subject.trace(problem, [side * unit], 20, {});
    return [
      bitwise(`'${kind}', not '${outcome}', where f′ ${name}`, Number(outcome === kind), 1),
      bounded('steps before it is named', Math.max(0, points.length - 1 - steps), 0),
    ];
  },
});

export const affineSlope = law({
  id: '14',
  name: 'exact on affine slopes',
  statement: 'On f′ = c(x − x*) the first step lands on x*, within 30κε|x*| with κ = (|x| + |x*|)/|x − x₋|.',
  tolerance: 'K',
  source: 'Newton’s and the secant’s model of f′ is affine',
  kind: 'solver',
  sample: () => fc.tuple(dyadic(), dyadic(), fc.constantFrom(0.25, 1, 3), fc.constantFrom(0.01, -0.5, 1)),
  measure(subject, [minimizer, start, c, offset]) {
    fc.pre(Math.abs(start - minimizer) > 0.01);
    const { points } = subject.trace(polynomial(minimizer, c, 0), [start], 1, { offset });
    const size = Math.abs(start) + Math.abs(minimizer) + Math.abs(start + offset);
    const { secants } = solverTraits(subject);
    const kappa = secants ? size / Math.min(Math.abs(offset), Math.abs(start - minimizer)) : 1;
    fc.pre(comparable(1, kappa, subject.epsilon));
    return landed(points, (got) =>
      forward('x⁺ − x*', Math.abs(got - minimizer), size, 1, Math.max(1, kappa), subject.epsilon),
    );
  },
});

const near = fc.record({
  minimizer: fc.constantFrom(0, 0, 1, -2),
  curvature: fc.constantFrom(0.5, 1, 4),
  bend: nonzeroDyadic(),
  error: fc
    .tuple(fc.integer({ min: 7, max: 16 }), fc.boolean())
    .map(([k, left]) => (left ? -1 : 1) * 2 ** -k),
  offset: fc.constantFrom(2 ** -7, -(2 ** -8), 2 ** -9),
});

export const quadraticOrder = law({
  id: '15',
  name: 'quadratic convergence',
  statement: 'Where f‴ ≠ 0, e⁺/e² → f‴/2f″: within 2|f‴e/f″| of it, relatively.',
  tolerance: 'I',
  source: 'Ortega and Rheinboldt 1970, section 10.2',
  kind: 'solver',
  sample: () => near,
  measure(subject, { minimizer, curvature, bend, error }) {
    const { points } = subject.trace(polynomial(minimizer, curvature, bend), [minimizer + error], 4, {});
    const limit = bend / (2 * curvature);
    return consecutive(points).flatMap(([[x], [next]]) => {
      const e = x - minimizer;
      const apart = Math.abs((2 * bend * e) / curvature);
      return ratio('e⁺/e²', next, minimizer, e * e, limit, apart, Math.abs(x));
    });
  },
});

export const secantOrder = law({
  id: '15b',
  name: 'order of the secant method',
  statement: 'Where f‴ ≠ 0, e⁺/(e·e₋) → f‴/2f″: within 2|f‴/f″|(|e| + |e₋|) of it, relatively.',
  tolerance: 'I',
  source: 'Ortega and Rheinboldt 1970, section 11.2',
  kind: 'solver',
  sample: () => near,
  measure(subject, { minimizer, curvature, bend, error, offset }) {
    const start = minimizer + error;
    const { points } = subject.trace(polynomial(minimizer, curvature, bend), [start], 4, { offset });
    const limit = bend / (2 * curvature);
    const errors = [start + offset, ...points.map(([x]) => x)].map((x) => x - minimizer);
    return points.slice(1).flatMap(([x], k) => {
      const [before, e] = errors.slice(k, k + 2);
      const apart = Math.abs((2 * bend) / curvature) * (Math.abs(e) + Math.abs(before));
      const size = Math.abs(points[k][0]) + Math.abs(start + offset);
      return ratio('e⁺/(e·e₋)', x, minimizer, e * before, limit, apart, size);
    });
  },
});

export const univariateLaws = [
  squareRoot,
  namedFailures,
  guardedSteps,
  affineSlope,
  quadraticOrder,
  secantOrder,
];

/** e⁺ over a product of errors beside its limit, while neither the bend nor rounding decides. */
function ratio(
  what: string,
  x: number,
  minimizer: number,
  errors: number,
  limit: number,
  relative: number,
  size: number,
): Deviation[] {
  // x⁺ is known to the rounding of the points it was computed from.
  const noise = (64 * 2 ** -52 * (Math.abs(minimizer) + size)) / Math.abs(errors);
  if (!(relative < 0.5) || !(noise < 0.1 * Math.abs(limit))) return [];
  const got = (x - minimizer) / errors;
  const allowed = Math.abs(limit) * (relative + 64 * 2 ** -52) + noise;
  return [bounded(`${what} − f‴/2f″`, Math.abs(got - limit), allowed)];
}

/** f = x³/3 − ax. */
function cubic(a: number): Minimization {
  return {
    value: ([x]) => x ** 3 / 3 - a * x,
    gradient: ([x]) => Float64Array.of(x * x - a),
    hessian: ([x]) => Float64Array.of(2 * x),
  };
}

/** f = ½c(x − x*)² + ⅙b(x − x*)³: f″ = c and f‴ = b at x*. */
function polynomial(minimizer: number, c: number, b: number): Minimization {
  return {
    value: ([x]) => ((x - minimizer) ** 2 * (c + (b * (x - minimizer)) / 3)) / 2,
    gradient: ([x]) => Float64Array.of((x - minimizer) * (c + (b * (x - minimizer)) / 2)),
    hessian: ([x]) => Float64Array.of(c + b * (x - minimizer)),
  };
}

/** Each point with the next. A run that went nowhere broke its promise. */
export function consecutive(points: Trace['points']): [Float64Array, Float64Array][] {
  return points.slice(1).map((point, k) => [points[k], point]);
}

function landed(points: Trace['points'], judge: (x: number) => Deviation): Deviation[] {
  return [judge(points.length > 1 ? points[1][0] : Number.NaN)];
}
