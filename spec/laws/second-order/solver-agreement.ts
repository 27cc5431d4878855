import { findMethod, type Minimization } from '../../../src/index.js';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import {
  identity,
  inner,
  jacobi,
  leastSquaresSolution,
  plus,
  times,
  transposed,
} from '../../oracles/dense/matrices.js';
import { broydenOfJacobian } from '../../oracles/dense/updates.js';
import { solveFor } from '../../oracles/second-order/solvers.js';
import { stepPicture } from '../../step-picture.js';
import { OptionFixed } from '../../subjects/foreign/misbehaviour.js';
import { norm } from '../../subjects/point.js';
import type { LeastSquaresSubject, SolverSubject } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { atMost, bounded, comparable, type Deviation, threshold } from '../tolerance.js';
import { followedDirections } from './followed-directions.js';

type Options = Readonly<Record<string, unknown>>;
type Known = Required<Pick<Minimization, 'value' | 'gradient' | 'hessian'>>;

/** One step of a run, with all there was before it. */
interface Seen {
  readonly k: number;
  readonly points: readonly Float64Array[];
  readonly s: Float64Array;
  readonly g: Float64Array;
  readonly h: Float64Array;
  readonly problem: Known;
  readonly options: Options;
  /** What rounding of the points does to s. */
  readonly lost: number;
  readonly epsilon: number;
}

/** Deviations of one step from those that the method can make, or 'stop' where right methods part from here on. */
type Judge = (seen: Seen) => readonly Deviation[] | 'stop';

export const solverAgreement = law({
  id: 'A2',
  name: 'agreement of solvers',
  statement:
    'Each step is one of those that the method can make from its points: s = αp with α > 0 along our direction p, within 30(nkε + what changes of gradients by ε do to p) + 2ε(|x| + |x⁺|)/|s|; or, in a region, (H + λD)s = −g with λ ≥ 0, on the dogleg or on the path of conjugate gradients.',
  tolerance: 'K',
  source: "this package's method of that name, whatever the search or the radius; see docs/methods.md",
  kind: 'solver',
  sample: ({ variables }) => bentQuadratics().filter(({ n }) => n <= (variables ?? n)),
  measure(subject, { problem, start }) {
    const { method, fixed: options = {} } = subject;
    const known = problem as Known;
    const { points } = subject.trace(problem, start, 5, {});
    const judge = (judges[method] ?? alongDirections)(subject, known, points);
    const found: Deviation[] = [];
    for (const seen of stepsOf(subject, known, points, options)) {
      const said = judge(seen);
      if (said === 'stop') break;
      found.push(...said);
    }
    return found;
  },
  picture(subject, { problem, start, n }) {
    if (n !== 2) return undefined;
    const { points } = subject.trace(problem, start, 5, {});
    const searches = findMethod(subject.method, 'minimize').options.search !== undefined;
    if (!searches || subject.method === 'broyden') return undefined;
    const directions = followedDirections(subject.method, subject.fixed ?? {}, problem as Known, points);
    const k = directions.findIndex((p, i) => apart(plus(points[i + 1], points[i], -1), p) > 1e-7);
    if (k < 0) return undefined;
    const [length, p] = [norm(plus(points[k + 1], points[k], -1)), unit(directions[k])];
    return stepPicture(problem.value, points[k], [plus(points[k], p, length)], [points[k + 1]]);
  },
});

/** The steps of a run, while the points tell them apart. */
function* stepsOf(
  { epsilon }: SolverSubject,
  problem: Known,
  points: readonly Float64Array[],
  options: Options,
) {
  for (let k = 0; k + 1 < points.length; k++) {
    const [x, next] = [points[k], points[k + 1]];
    const s = plus(next, x, -1);
    const g = problem.gradient(x);
    const lost = (2 * epsilon * (norm(x) + norm(next))) / norm(s);
    if (!(lost < 1e-5) || norm(g) < 1e-7 * norm(problem.gradient(points[0]))) return;
    yield { k, points, s, g, h: problem.hessian(x), problem, options, lost, epsilon } satisfies Seen;
  }
}

/** Methods whose directions by the definition of their step are others' too only while H is definite. */
const ofDefiniteHessians = ['lineSearchNewton', 'modifiedNewton', 'projectedNewton', 'dampedNewton'];
/** Those that treat eigenvalues or entries near 0 in a way of their own. */
const ofRegularHessians = [
  'absoluteNewton',
  'pseudoinverseNewton',
  'diagonalNewton',
  'diagonalNewtonAsPublished',
];
/** Those that have a rule of their own for pairs of little curvature. */
const ofCurvedPairs = ['bfgs', 'dfp', 'lbfgs', 'lbfgsb'];

function alongDirections(subject: SolverSubject, problem: Known, points: readonly Float64Array[]): Judge {
  const { method, fixed: options = {}, epsilon } = subject;
  const directions = (change: (i: number) => number) =>
    followedDirections(method, options, nudged(problem, change, epsilon), points);
  const signs = [
    (i: number) => (i % 2 ? 1 : -1),
    (i: number) => (i % 3 ? -1 : 1),
    (i: number) => (i ? 1 : -1),
  ];
  const [ours, ...moved] = [() => 0, ...signs].map(directions);
  return ({ k, s, g, h, lost }) => {
    const p = ours[k];
    if (p === undefined || !(inner(g, p) < 0)) return 'stop';
    if (ofDefiniteHessians.includes(method) && !definite(h, g.length)) return 'stop';
    if (ofRegularHessians.includes(method) && !regular(h, g.length)) return 'stop';
    if (ofCurvedPairs.includes(method) && k > 0 && !curved(problem, points, k)) return 'stop';
    const far = moved.map((other) => (other[k] === undefined ? 1 : apart(other[k], p)));
    const spread = far.reduce((total, one) => total + one, 0);
    const n = g.length;
    const own = (2 * epsilon * (norm(points[k]) + norm(plus(points[k], p)))) / norm(p);
    const allowed = threshold * (n * (k + 1) * epsilon + spread) + lost + own;
    if (!comparable(1, allowed / epsilon, epsilon)) return 'stop';
    return [direction(`step ${k + 1}`, s, p, allowed)];
  };
}

/** Gradients and Hessians off by ε, each entry by its own sign. */
function nudged(problem: Known, change: (i: number) => number, epsilon: number): Known {
  const off = (values: Float64Array) => values.map((v, i) => v * (1 + change(i) * epsilon));
  const turned = (h: Float64Array) => {
    const n = Math.sqrt(h.length);
    return h.map((v, at) => v * (1 + change(Math.floor(at / n) + (at % n)) * epsilon)); // symmetric
  };
  return {
    value: problem.value,
    gradient: (x) => off(problem.gradient(x)),
    hessian: (x) => turned(problem.hessian(x)),
  };
}

const unit = (v: Float64Array) => v.map((vi) => vi / norm(v));
const apart = (v: Float64Array, w: Float64Array) => norm(plus(unit(v), unit(w), -1));

function direction(what: string, s: Float64Array, p: Float64Array, allowed: number): Deviation {
  const told = bounded(`direction of ${what}`, apart(s, p), allowed);
  return told.ratio <= 1 ? told : { ...told, expected: `[${[...unit(p)]}]`, got: `[${[...unit(s)]}]` };
}

function definite(h: Float64Array, n: number): boolean {
  const { values } = jacobi(h, n);
  return Math.min(...values) > 1e-4 * Math.max(...values);
}

function regular(h: Float64Array, n: number): boolean {
  const sizes = [...jacobi(h, n).values].map(Math.abs);
  const rows = Array.from({ length: n }, (_, i) => h.subarray(i * n, (i + 1) * n));
  const entries = rows.flatMap((row, i) => [Math.abs(row[i]), Math.abs(row.reduce((sum, e) => sum + e, 0))]);
  return Math.min(...sizes, ...entries) > 1e-3 * Math.max(...sizes);
}

function curved(problem: Known, points: readonly Float64Array[], k: number): boolean {
  const s = plus(points[k], points[k - 1], -1);
  const y = plus(problem.gradient(points[k]), problem.gradient(points[k - 1]), -1);
  return inner(s, y) > 1e-3 * norm(s) * norm(y);
}

/** (H + λD)s = −g with λ ≥ 0 the one that fits best, and H + λD not indefinite. */
const shifted =
  (scale: (h: Float64Array, n: number) => Float64Array): Judge =>
  ({ k, s, g, h, lost, epsilon }) => {
    const n = s.length;
    const d = scale(h, n);
    const ds = s.map((si, i) => d[i] * si);
    const r = plus(times(h, s), g);
    const lambda = Math.max(0, -inner(ds, r) / inner(ds, ds));
    const size = norm(h) + lambda * Math.max(...d);
    const most = (threshold * n * epsilon + lost) * (size * norm(s) + norm(g));
    const lowest = Math.min(
      ...jacobi(
        h.map((e, at) => (at % (n + 1) ? e : e + lambda * d[at % n])),
        n,
      ).values,
    );
    return [
      bounded(`‖(H + λD)s + g‖ at step ${k + 1}`, norm(plus(r, ds, lambda)), most),
      atMost(
        `the lowest eigenvalue of −(H + λD) at step ${k + 1}`,
        -lowest,
        most / norm(s),
        n,
        epsilon,
        size,
      ),
    ];
  };

/** The point nearest to s of the path from 0 through these points, one after the other. */
function nearestOnPath(corners: readonly Float64Array[], s: Float64Array): Float64Array {
  let from: Float64Array = new Float64Array(s.length);
  let nearest = from;
  for (const to of corners) {
    const d = plus(to, from, -1);
    const along = Math.max(0, Math.min(1, inner(plus(s, from, -1), d) / (inner(d, d) || 1)));
    const here = plus(from, d, along);
    if (norm(plus(here, s, -1)) < norm(plus(nearest, s, -1))) nearest = here;
    from = to;
  }
  return nearest;
}

/** The iterates of conjugate gradients for Hp = −g; beyond a direction without curvature the path goes on along it. */
function conjugatePath(h: Float64Array, g: Float64Array): { corners: Float64Array[]; curved: boolean } {
  let p: Float64Array = new Float64Array(g.length);
  let r: Float64Array = g.map((gi) => -gi);
  let d = r;
  const corners: Float64Array[] = [];
  for (let k = 0; k < g.length && norm(r) > 1e-12 * norm(g); k++) {
    const hd = times(h, d);
    const curvature = inner(d, hd);
    if (!(curvature > 1e-6 * norm(h) * inner(d, d))) {
      corners.push(plus(p, d, 2 ** 60));
      return { corners, curved: false };
    }
    const alpha = inner(r, r) / curvature;
    p = plus(p, d, alpha);
    const next = plus(r, hd, -alpha);
    d = plus(next, d, inner(next, next) / inner(r, r));
    r = next;
    corners.push(p);
  }
  return { corners, curved: true };
}

/** Rounding in conjugate gradients and corners, relative to the step. */
const pathRounding = ({ s, h, lost, epsilon }: Seen) => {
  const sizes = [...jacobi(h, s.length).values].map(Math.abs);
  const kappa = Math.max(...sizes) / Math.min(...sizes);
  return threshold * s.length * kappa ** 2 * epsilon + 2 * lost;
};

const onCorners =
  (cornersOf: (seen: Seen) => readonly Float64Array[] | undefined): Judge =>
  (seen) => {
    const { k, s } = seen;
    const corners = cornersOf(seen);
    const allowed = pathRounding(seen);
    if (corners === undefined || !(allowed < 1e-3)) return 'stop';
    const p = nearestOnPath(corners, s);
    const told = bounded(`‖s − p‖/‖s‖ at step ${k + 1}`, norm(plus(s, p, -1)) / norm(s), allowed);
    return [told.ratio <= 1 ? told : { ...told, expected: `[${[...p]}]`, got: `[${[...s]}]` }];
  };

const dogleg = onCorners(({ h, g }) => {
  if (!definite(h, g.length)) return undefined;
  const { corners } = conjugatePath(h, g);
  return [corners[0], corners[corners.length - 1]];
});

const ones = (_: Float64Array, n: number) => new Float64Array(n).fill(1);
const diagonal = (h: Float64Array, n: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.abs(h[i * (n + 1)]));

const newtonInOne: Judge = ({ k, points, s, g, h, options, lost, epsilon }) => {
  const expected = (-((options.stepLength as number) ?? 1) * g[0]) / h[0];
  const size = Math.abs(points[k][0]) + Math.abs(points[k + 1][0]);
  const allowed = 8 * epsilon * (Math.abs(expected) + size) + lost * Math.abs(expected);
  const told = bounded(`step ${k + 1}`, Math.abs(s[0] - expected), allowed);
  return [told.ratio <= 1 ? told : { ...told, expected: String(expected), got: String(s[0]) }];
};

const secant: Judge = ({ k, points, s, problem, epsilon }) => {
  if (k === 0) return []; // the point before the start is the subject's
  const [[before], [x], [next]] = points.slice(k - 1, k + 2);
  const [was, now] = [before, x].map((at) => problem.gradient(Float64Array.of(at))[0]);
  const expected = (-now * (x - before)) / (now - was);
  const digits = (Math.abs(now) + Math.abs(was)) / Math.abs(now - was) + Math.abs(x) / Math.abs(x - before);
  const allowed = 16 * epsilon * (digits * Math.abs(expected) + Math.abs(x) + Math.abs(next));
  if (!(allowed < 1e-3 * Math.abs(expected))) return 'stop';
  const told = bounded(`step ${k + 1}`, Math.abs(s[0] - expected), allowed);
  return [told.ratio <= 1 ? told : { ...told, expected: String(expected), got: String(s[0]) }];
};

const falls: Judge = ({ k, points, problem, epsilon }) => {
  const [before, after] = [points[k], points[k + 1]].map((x) => problem.value(x));
  const size = norm(points[k]) + norm(points[k + 1]);
  const terms = Math.abs(before) + Math.abs(after) + norm(problem.hessian(points[k])) * size ** 2 + size ** 4;
  return [atMost(`f after step ${k + 1}`, after, before, size, epsilon, terms)];
};

type Judging = (subject: SolverSubject, problem: Known, points: readonly Float64Array[]) => Judge;

const judges: Readonly<Record<string, Judging>> = {
  trustRegion: () => (seen) => {
    const { name } = (seen.options.subproblem ?? findMethod('trustRegion').defaults.subproblem) as {
      name: string;
    };
    const rule = name === 'dogleg' ? dogleg : name === 'steihaug' ? steihaug : shifted(ones);
    const said = rule(seen);
    return said === 'stop' ? said : [...said, ...(falls(seen) as Deviation[])];
  },
  levenbergMarquardtNewton: ({ fixed }) => shifted(fixed?.scaling === 'diagonal' ? diagonal : ones),
  newtonConjugateGradient: () => (seen) => {
    const { k, s, h, g } = seen;
    const allowed = pathRounding(seen);
    if (!(allowed < 1e-3)) return 'stop';
    // Where the inner solve is ended is the subject's; −g stands for a first direction without curvature.
    const { corners, curved: all } = conjugatePath(h, g);
    const ends = all ? corners : [...corners.slice(0, -1), g.map((gi) => -gi)];
    const nearest = ends.reduce((best, p) => (apart(s, p) < apart(s, best) ? p : best));
    return [direction(`step ${k + 1}`, s, nearest, allowed)];
  },
  broyden: broydenDirections,
  sr1: () => falls,
  univariateNewton: () => newtonInOne,
  secant: () => secant,
  guardedNewton: () => falls,
};

/** Broyden's with the multiple of I to begin with that suits best: 1, what the first step shows, or ours. */
function broydenDirections(_: SolverSubject, problem: Known, points: readonly Float64Array[]): Judge {
  const gradients = points.map((x) => problem.gradient(x));
  const steps = points.slice(1).map((x, k) => plus(x, points[k], -1));
  const [ours] = followedDirections('broyden', {}, problem, points);
  const first = norm(gradients[0]);
  const scales = [1, ...[steps[0], ours].flatMap((p) => (p === undefined ? [] : [norm(p) / first]))];
  const proposed = scales.map((scale) => {
    let b: Float64Array = identity(gradients[0].length).map((entry) => entry / scale);
    return steps.map((s, k) => {
      const p = solveFor(b, gradients[k]);
      b = broydenOfJacobian(b, { s, y: plus(gradients[k + 1], gradients[k], -1) });
      return p;
    });
  });
  // Where a direction ascends, what was learnt may be forgotten.
  const judged = proposed.map((ps) => {
    const end = ps.findIndex((p, k) => !(inner(p, gradients[k]) < 0));
    return end < 0 ? ps : ps.slice(0, end);
  });
  const off = judged.map((ps) => Math.max(...ps.map((p, k) => apart(p, steps[k]))));
  const best = judged[off.indexOf(Math.min(...off))];
  return ({ k, s, g, lost, epsilon }) => {
    const p = best[k];
    if (p === undefined) return 'stop';
    const digits = steps.slice(0, k).map((one, i) => {
      const y = plus(gradients[i + 1], gradients[i], -1);
      return (
        (norm(gradients[i]) + norm(gradients[i + 1])) / norm(y) + norm(one) / norm(s) + norm(s) / norm(one)
      );
    });
    const turned = (norm(g) * norm(p)) / Math.abs(inner(g, p));
    const kappa = digits.reduce((most, one) => most * (1 + one), 1) * turned;
    if (!comparable(s.length, kappa, epsilon)) return 'stop';
    return [direction(`step ${k + 1}`, s, p, threshold * s.length * kappa * epsilon + 2 * lost)];
  };
}

function steihaug(seen: Seen) {
  return onCorners(({ h, g }) => conjugatePath(h, g).corners)(seen);
}

export const residualAgreement = law({
  id: 'A3',
  name: 'agreement of least squares',
  statement:
    'Each step of Gauss–Newton is αp, α > 0, with p = −J⁺r or −(JᵀJ + λI)⁻¹Jᵀr; each step of Levenberg–Marquardt has (JᵀJ + δD²)s = −Jᵀr with some δ ≥ 0, within 30nκ²ε, and ½‖r‖² falls.',
  tolerance: 'K',
  source: 'Björck 1996, section 9.2; Marquardt 1963, by what D the option `scaling` says',
  kind: 'leastSquares',
  sample: () => residualProblems(),
  measure(subject, problem) {
    if (subject.method === 'levenbergMarquardt' && subject.fixed?.acceleration !== false) {
      throw new OptionFixed('acceleration', false, subject.fixed?.acceleration);
    }
    const { points } = subject.trace(problem, problem.start, 5, {});
    const found: Deviation[] = [];
    for (let k = 0; k + 1 < points.length; k++) {
      const said = residualStep(subject, problem, points, k);
      if (said === 'stop') break;
      found.push(...said);
    }
    return found;
  },
});

type ResidualProblem = Parameters<LeastSquaresSubject['trace']>[0];

function residualStep(
  { method, fixed = {}, epsilon }: LeastSquaresSubject,
  { residuals, jacobian }: ResidualProblem,
  points: readonly Float64Array[],
  k: number,
): readonly Deviation[] | 'stop' {
  const [x, next] = [points[k], points[k + 1]];
  const s = plus(next, x, -1);
  const [r, j, n] = [residuals(x), jacobian(x), x.length];
  const g = times(transposed(j, r.length), r);
  const lost = (2 * epsilon * (norm(x) + norm(next))) / norm(s);
  const squares = Float64Array.from({ length: n * n }, (_, at) => {
    let total = 0;
    for (let i = 0; i < r.length; i++) total += j[i * n + Math.floor(at / n)] * j[i * n + (at % n)];
    return total;
  });
  const eigenvalues = [...jacobi(squares, n).values];
  const kappa = Math.max(...eigenvalues) / Math.min(...eigenvalues);
  const fromZero = norm(g) < 1e-7 * norm(j) * norm(r) || norm(r) === 0;
  if (!(lost < 1e-5) || !(kappa > 0 && kappa < 1e8) || fromZero) return 'stop';
  if (method === 'gaussNewton') {
    const damping = (fixed.damping as number | undefined) ?? 0;
    const rows = damping > 0 ? identityRows(n, Math.sqrt(damping)) : [];
    const matrix = Float64Array.from([...j, ...rows]);
    const p = leastSquaresSolution(matrix, [...r.map((ri) => -ri), ...new Float64Array(rows.length / n)], n);
    const digits = (norm(j) * norm(p) + norm(r)) / (norm(j) * norm(p));
    return [direction(`step ${k + 1}`, s, p, threshold * n * kappa * digits * epsilon + 2 * lost)];
  }
  const scaling = (fixed.scaling ?? 'start') as string;
  const column = (at: Float64Array, c: number) => {
    const matrix = jacobian(at);
    let total = 0;
    for (let i = c; i < matrix.length; i += n) total += matrix[i] ** 2;
    return total;
  };
  const d = x.map((_, c) => {
    if (scaling === 'identity') return 1;
    if (scaling === 'diagonal') return column(x, c);
    if (scaling === 'largest') return Math.max(...points.slice(0, k + 1).map((at) => column(at, c)));
    return 1 / points[0][c] ** 2;
  });
  if (!d.every((di) => di > 0 && Number.isFinite(di))) return 'stop';
  const ds = s.map((si, i) => d[i] * si);
  const residual = plus(times(squares, s), g);
  const delta = Math.max(0, -inner(ds, residual) / inner(ds, ds));
  const size = norm(squares) * norm(s) + delta * norm(ds) + norm(j) * norm(r);
  const off = norm(plus(residual, ds, delta));
  const [f, after] = [r, residuals(next)].map((values) => inner(values, values) / 2);
  return [
    bounded(`‖(JᵀJ + δD²)s + Jᵀr‖ at step ${k + 1}`, off, (threshold * n * kappa * epsilon + lost) * size),
    atMost(`½‖r‖² after step ${k + 1}`, after, f, n, epsilon, f + after + (norm(j) * norm(next)) ** 2),
  ];
}

function identityRows(n: number, value: number): number[] {
  return Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? value : 0));
}

export const agreementLaws = [solverAgreement, residualAgreement];
