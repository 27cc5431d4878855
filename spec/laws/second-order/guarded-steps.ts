import fc from 'fast-check';
import { dyadic } from '../../arbitraries/dyadic.js';
import type { Trial } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { bitwise, bounded, type Deviation } from '../tolerance.js';

interface Univariate {
  value(x: number): number;
  slope(x: number): number;
  bend(x: number): number;
}

/** |x|ᵖ, less steep on the left: steps lead across the minimum, ever further where p is small. */
const kink = (p: number, left: number): Univariate => {
  const by = (x: number) => (x < 0 ? left : 1);
  return {
    value: (x) => (by(x) * Math.abs(x) ** p) / p,
    slope: (x) => by(x) * Math.sign(x) * Math.abs(x) ** (p - 1),
    bend: (x) => by(x) * (p - 1) * Math.abs(x) ** (p - 2),
  };
};

/** What rounding worse than that of the last place adds, in units of it. */
const roughness = (x: number) => ((x * 2 ** 40) % 7) - 3;

/** Functions on which Newton's method leads off, turns back, meets no curvature or leaves where f is finite. */
const functions: Readonly<Record<string, Univariate>> = {
  soft: {
    value: (x) => Math.sqrt(1 + x * x),
    slope: (x) => x / Math.sqrt(1 + x * x),
    bend: (x) => (1 + x * x) ** -1.5,
  },
  quartic: { value: (x) => x ** 4 / 4, slope: (x) => x ** 3, bend: (x) => 3 * x * x },
  wells: { value: (x) => x ** 4 / 4 - (x * x) / 2, slope: (x) => x ** 3 - x, bend: (x) => 3 * x * x - 1 },
  barrier: { value: (x) => x - Math.log(x), slope: (x) => 1 - 1 / x, bend: (x) => x ** -2 },
  bowl: {
    value: (x) => (x * x) / 2 + x ** 3 / 64,
    slope: (x) => x + (3 * x * x) / 64,
    bend: (x) => 1 + (3 * x) / 32,
  },
  kink: kink(1.4, 0.5),
  edge: kink(1.25, 0.25),
  cusp: kink(1.45, 0.25),
  falls: { value: (x) => -x, slope: () => -1, bend: () => 0 },
};

/** So much longer than the last a step is at most; a first one is as long as x. */
const growth = 10;
const farthest = 1e20;
const trials = 60;

export const guardedSteps = law({
  id: '13d',
  name: 'steps of Newton’s method guarded',
  statement:
    'Each step is −sign(f′)·min(|f′/f″|, 10ℓ), ℓ the length of the last and a tenth of |x₀| at first (of |f/f′| where no digit of f shows x₀), or halfway to the nearest points known on which f′ has the other sign if it would pass those; halved until f falls by 10⁻⁴ of what its slope promises, or by less than rounding shows while |f′| falls. A run that falls still after a step 10²⁰ times the first has diverged, and none goes further.',
  tolerance: 'K',
  source: 'Press, Teukolsky, Vetterling and Flannery 2007, section 9.4; Armijo 1966',
  kind: 'solver',
  sample: () =>
    fc.record({
      name: fc.constantFrom(...Object.keys(functions)),
      // Far out, about the length of f, and so near that values no longer tell.
      start: fc
        .tuple(
          fc.oneof(fc.integer({ min: -3, max: 6 }), fc.integer({ min: -30, max: -3 })),
          dyadic(),
          fc.boolean(),
        )
        .map(([k, part, left]) => (left ? -1 : 1) * 2 ** k * (1 + Math.abs(part % 1))),
      mirrored: fc.boolean(),
      rough: fc.boolean(),
      shift: fc.constantFrom(0, 0, 0, 1, -3, 'start' as const),
      level: fc.constantFrom(0, 0, 1, -1, 2 ** 20),
      j: fc.integer({ min: -60, max: 60 }),
      k: fc.integer({ min: -60, max: 60 }),
    }),
  measure(subject, { name, start, mirrored, rough, shift, level, j, k }): Deviation[] {
    const { value, slope, bend } = functions[name];
    const away = shift === 'start' ? start : shift;
    const side = mirrored ? -1 : 1;
    const inside = (x: number) => side * (x * 2 ** -j) + away;
    const noisy = (x: number, v: number) =>
      rough ? v * (1 + subject.epsilon * Math.round(roughness(x))) : v;
    const f = (x: number) => noisy(inside(x), value(inside(x)) + level) * 2 ** k;
    const df = (x: number) => side * slope(inside(x)) * 2 ** (k - j);
    const ddf = (x: number) => bend(inside(x)) * 2 ** (k - 2 * j);
    const begin = side * (start - away) * 2 ** j;
    fc.pre(Number.isFinite(f(begin)) && Number.isFinite(df(begin)));
    const problem = {
      value: ([x]: Float64Array) => f(x),
      gradient: ([x]: Float64Array) => Float64Array.of(df(x)),
      hessian: ([x]: Float64Array) => Float64Array.of(ddf(x)),
    };
    const { points, trials: tried, outcome } = subject.trace(problem, [begin], 30, {});
    const found: Deviation[] = [];
    let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const shows = Math.abs(begin * df(begin)) > subject.epsilon * Math.abs(f(begin));
    const length = shows ? Math.abs(begin) : Math.abs(f(begin) / df(begin));
    const first = length > 0 ? length : 1;
    let last = first / growth;
    for (const [at, steps] of tried.entries()) {
      const [x] = points[at];
      const [g, h] = [df(x), ddf(x)];
      if (g < 0) low = Math.max(low, x);
      else high = Math.min(high, x);
      const newton = Math.abs(g / h);
      let step = -Math.sign(g) * (newton <= growth * last ? newton : growth * last);
      // At a tie rounding decides, and what follows tells nothing.
      if ([low, high].some((bound) => Math.abs(x + step - bound) <= 1e-12 * Math.abs(step))) break;
      if (x + step <= low) step = (low - x) / 2;
      if (x + step >= high) step = (high - x) / 2;
      const ends = at + 1 === points.length;
      const diverged = ends && outcome === 'diverged';
      const { made, ends: unclear } = halved(steps, x, step, !ends || diverged);
      found.push(...made);
      if (unclear || found.some(({ ratio }) => ratio > 1) || steps.length === 0) break;
      last = Math.abs(steps[steps.length - 1].x[0] - x);
      if (last > (1 + 1e-9) * farthest * first)
        found.push(bitwise(`'diverged', not '${outcome}'`, Number(diverged), 1));
      if (last < (1 - 1e-9) * farthest * first)
        found.push(bitwise('diverged, not so far out', Number(diverged), 0));
    }
    return found;

    /** The trials of a step: each half of the one before, up to the first that does. */
    function halved(steps: readonly Trial[], x: number, step: number, taken: boolean) {
      const noise = 4 * subject.epsilon * Math.abs(f(x));
      const made: Deviation[] = [];
      for (let i = 0; i < steps.length; i++) {
        const alpha = 0.5 ** i;
        const [to] = steps[i].x;
        const off = Math.abs(to - x - alpha * step);
        made.push(
          bounded(
            `trial ${i + 1} of the step from ${x}`,
            off,
            8 * subject.epsilon * (Math.abs(x) + Math.abs(to) + Math.abs(alpha * step)),
          ),
        );
        const slope0 = df(x) * step;
        const falls = f(to) <= f(x) + 1e-4 * alpha * slope0;
        const flat = f(to) <= f(x) + noise && Math.abs(df(to)) < Math.abs(df(x));
        const does = (falls || flat) && Number.isFinite(df(to));
        const tie = Math.abs(Math.abs(df(to)) - Math.abs(df(x))) <= 1e-12 * Math.abs(df(x));
        if (tie && !falls && f(to) <= f(x) + noise) return { made, ends: true };
        const isLast = i + 1 === steps.length && taken;
        made.push(
          bitwise(`whether trial ${i + 1} of the step from ${x} is taken`, Number(isLast), Number(does)),
        );
      }
      if (!taken) made.push(bitwise('trials before none is taken', steps.length, trials));
      return { made, ends: false };
    }
  },
});
