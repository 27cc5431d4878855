import fc from 'fast-check';
import type { Minimization } from '../../../src/index.js';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import { inner, leastSquaresSolution, times, transposed } from '../../oracles/dense/matrices.js';
import { largest, norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { atMost, bitwise, type Deviation } from '../tolerance.js';

/** Exponents k of f and j of x under which f, g and the Hessian, 2ᵏ, 2ᵏ⁻ʲ and 2ᵏ⁻²ʲ times as large, are normal numbers. */
const exponents = fc
  .tuple(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -450, max: 450 }))
  .filter(([k, j]) => Math.max(Math.abs(k - j), Math.abs(k - 2 * j)) <= 900);

/**
 * Functions of as many variables as a method takes, from starts away from 0, next to it and from 0 itself. There f is not 0: with
 * x = 0 and f = 0 nothing tells a method without second derivatives what is long; and the diagonal of the Hessian is
 * not next to 0, over which a step would lead to where f overflows.
 */
const functions = (variables?: 1) =>
  fc
    .tuple(bentQuadratics(), fc.constantFrom(1, 1, 0, 2 ** -100), fc.constantFrom(1, -0.5, 6))
    .filter(([{ n }]) => n <= (variables ?? n))
    .map(([sample, away, level]) => {
      const zero = sample.start.map((xi) => xi * away);
      const diagonal = sample.problem.hessian!(Float64Array.from(zero)).filter(
        (_, at) => at % (sample.n + 1) === 0,
      );
      if (away === 1 || diagonal.some((entry) => Math.abs(entry) < 2 ** -4)) return sample;
      const problem = { ...sample.problem, value: (x: Float64Array) => sample.problem.value(x) + level };
      return { ...sample, problem, start: zero };
    });

/** The same residuals, their variables each in a unit of its own, 2ᵘ, and themselves in 2ᵏ. */
const scaledResiduals = () => {
  const power = fc.integer({ min: -20, max: 20 });
  return fc
    .tuple(residualProblems(), power, fc.array(power, { minLength: 3, maxLength: 3 }))
    .map(([problem, k, powers]) => {
      const units = Float64Array.from({ length: problem.n }, (_, j) => 2 ** powers[j]);
      const back = (x: Float64Array) => x.map((xj, j) => xj / units[j]);
      return {
        n: problem.n,
        m: problem.m,
        start: problem.start.map((xj, j) => xj * units[j]),
        residuals: (x: Float64Array) => problem.residuals(back(x)).map((r) => r * 2 ** k),
        jacobian: (x: Float64Array) =>
          problem.jacobian(back(x)).map((entry, at) => (entry * 2 ** k) / units[at % problem.n]),
        toString: () => `${problem} in units of 2^${k} and 2^[${powers.slice(0, problem.n)}]`,
      };
    });
};

const times2 = (x: ArrayLike<number>, power: number) => Float64Array.from(x, (xi) => xi * 2 ** power);

/** 2ᵏf of variables 2ʲ times as large. */
function inUnits(problem: Minimization, k: number, j: number): Required<Pick<Minimization, Told>> {
  return {
    value: (x) => problem.value(times2(x, -j)) * 2 ** k,
    gradient: (x) => times2(times2(problem.gradient!(times2(x, -j)), k), -j),
    hessian: (x) => times2(times2(times2(problem.hessian!(times2(x, -j)), k), -j), -j),
  };
}

type Told = 'value' | 'gradient' | 'hessian';

/** Whether a path in units of 2ʲ is the other one. */
function samePath(there: readonly Float64Array[], here: readonly Float64Array[], j: number): Deviation[] {
  return [
    bitwise('iterations', here.length, there.length),
    ...there
      .slice(0, here.length)
      .map((x, at) => bitwise(`x_${at} in units of 2^${j}`, times2(here[at], -j), x)),
  ];
}

export const unitsOfSolvers = law({
  id: '73',
  name: 'units of solvers',
  statement:
    'f → 2ᵏf and x → 2ʲx leave the path the same, bit for bit, and its end, while f, x, the gradient and the Hessian are normal numbers; their squares need not be.',
  tolerance: 'B',
  source: 'homogeneity: nothing but the function says what is long or steep; powers of two are exact',
  kind: 'solver',
  sample: ({ variables }) => fc.tuple(functions(variables), exponents, fc.constantFrom(6, 6, 40)),
  measure(subject, [{ problem, start }, [k, j], steps]) {
    const there = subject.trace(problem, start, steps, {});
    const here = subject.trace(inUnits(problem, k, j), times2(start, j), steps, {});
    return [
      ...samePath(there.points, here.points, j),
      bitwise(`'${there.outcome}', not '${here.outcome}'`, Number(here.outcome === there.outcome), 1),
    ];
  },
});

export const convergedMeansConverged = law({
  id: '74',
  name: 'converged means converged',
  statement:
    'Where a run without a tolerance ends converged, no step along −g that promises more than rounding, up to as long as x, lowers f by more than its rounding error.',
  tolerance: 'I',
  source: 'a step that a damping or a region has shortened says nothing of the point',
  kind: 'solver',
  sample: ({ variables }) =>
    fc.tuple(functions(variables), fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 })),
  measure(subject, [{ problem, start, n }, k, j]) {
    const scaled = inUnits(problem, k, j);
    const { points, outcome } = subject.trace(scaled, times2(start, j), 60, {});
    const x = points.at(-1)!;
    const g = scaled.gradient(x);
    if (outcome !== 'converged' || largest(g) === 0) return [];
    const f = scaled.value(x);
    const terms = Math.abs(f) + norm(g) * norm(x) + norm(scaled.hessian(x)) * norm(x) ** 2;
    // Next to 0 |x| says nothing of the function's length.
    const length = largest(x) > 2 ** (j - 90) ? largest(x) : 2 ** j;
    const longest = length / largest(g);
    const shortest = (4 * n * subject.epsilon * terms) / inner(g, g);
    const found: Deviation[] = [];
    // From short to long, up to the first rise: behind it lies another valley.
    for (let alpha = longest * 2 ** -60; alpha <= longest; alpha *= 2) {
      if (!(alpha >= shortest)) continue;
      const lower = scaled.value(x.map((xi, i) => xi - alpha * g[i]));
      if (!(lower <= f)) break;
      found.push(atMost('f(x) at the end', f, lower, 4 * n, subject.epsilon, terms));
    }
    return found;
  },
});

export const unitsOfResiduals = law({
  id: '73b',
  name: 'units of residuals',
  statement: 'r → 2ᵏr and x → 2ʲx leave the path of least squares the same, bit for bit.',
  tolerance: 'B',
  source: 'homogeneity of min ‖Jp + r‖² + δ‖Dp‖²; powers of two are exact',
  kind: 'leastSquares',
  sample: () => {
    const power = fc.integer({ min: -200, max: 200 });
    const problems = fc
      .tuple(residualProblems(), fc.boolean())
      .map(([problem, fromZero]) => (fromZero ? { ...problem, start: problem.start.map(() => 0) } : problem));
    return fc.tuple(problems, power, power);
  },
  measure(subject, [problem, k, j]) {
    const scaled = {
      residuals: (x: Float64Array) => times2(problem.residuals(times2(x, -j)), k),
      jacobian: (x: Float64Array) => times2(times2(problem.jacobian(times2(x, -j)), k), -j),
    };
    const start = Float64Array.from(problem.start);
    const there = subject.trace(problem, start, 6, {}).points;
    const here = subject.trace(scaled, times2(start, j), 6, {}).points;
    return samePath(there, here, j);
  },
});

export const unitsOfVariables = law({
  id: '73d',
  name: 'units of variables',
  statement:
    'r → 2ᵏr and xⱼ → 2^(uⱼ)xⱼ, each variable in a unit of its own, leave the path of least squares the same, bit for bit.',
  tolerance: 'B',
  source: 'Marquardt 1963; Moré 1978, section 6: D follows the units of x; powers of two are exact',
  kind: 'leastSquares',
  sample: () => {
    const power = fc.integer({ min: -60, max: 60 });
    const nought = fc.constantFrom(false, false, true);
    const three = { minLength: 3, maxLength: 3 };
    return fc.tuple(residualProblems(), power, fc.array(power, three), fc.array(nought, three));
  },
  measure(subject, [problem, k, powers, noughts]) {
    const { n } = problem;
    const times2u = (x: ArrayLike<number>, sign: number) =>
      Float64Array.from(x, (xj, j) => xj * 2 ** (sign * powers[j % n]));
    const scaled = {
      residuals: (x: Float64Array) => times2(problem.residuals(times2u(x, -1)), k),
      jacobian: (x: Float64Array) => times2u(times2(problem.jacobian(times2u(x, -1)), k), -1),
    };
    const start = Float64Array.from(problem.start, (xj, j) => (noughts[j] ? 0 : xj));
    const there = subject.trace(problem, start, 6, {}).points;
    const here = subject.trace(scaled, times2u(start, 1), 6, {}).points;
    return [
      bitwise('iterations', here.length, there.length),
      ...there.slice(0, here.length).map((x, at) => bitwise(`x_${at}`, times2u(here[at], -1), x)),
    ];
  },
});

export const convergedResiduals = law({
  id: '74b',
  name: 'converged residuals',
  statement:
    'Where a run of least squares without a tolerance ends converged, no step along −g and none along the undamped Gauss–Newton step that promises more than rounding lowers ½‖r‖² by more than its rounding error, the variables in units up to 2⁴⁰ apart.',
  tolerance: 'I',
  source: 'a step that a damping has shortened says nothing of the point',
  kind: 'leastSquares',
  sample: () => fc.tuple(scaledResiduals()),
  measure(subject, [problem]) {
    const { m, n } = problem;
    const value = (x: Float64Array) => inner(problem.residuals(x), problem.residuals(x)) / 2;
    const { points, outcome } = subject.trace(problem, problem.start, 100, {});
    if (outcome !== 'converged') return [];
    const x = points.at(-1)!;
    const [r, j] = [problem.residuals(x), problem.jacobian(x)];
    const g = times(transposed(j, m), r);
    const f = value(x);
    // Each residual is as uncertain as rounding of itself and of x makes it.
    const sizes = r.map(
      (ri, i) => Math.abs(ri) + x.reduce((sum, xk, k) => sum + Math.abs(j[i * n + k] * xk), 0),
    );
    const terms = sizes.reduce((sum, size, i) => sum + size * (Math.abs(r[i]) + subject.epsilon * size), 0);
    const undamped = leastSquaresSolution(
      j,
      r.map((ri) => -ri),
      n,
    );
    return [g.map((gk) => -gk), undamped].flatMap((p) => {
      const longest = (largest(x) || f / (largest(g) || 1)) / (largest(p) || 1);
      const rounding = 8 * m * subject.epsilon * terms;
      const shortest = rounding / -inner(g, p);
      const found: Deviation[] = [];
      // From short to long, up to the first rise: behind it lies another valley.
      for (let alpha = longest * 2 ** -60; alpha <= longest; alpha *= 2) {
        const lower = value(x.map((xk, k) => xk + alpha * p[k]));
        if (!(lower <= f + (alpha >= shortest ? 0 : rounding))) break;
        if (!(alpha >= shortest)) continue;
        found.push(atMost('½‖r‖² at the end', f, lower, 8 * m, subject.epsilon, terms));
      }
      return found;
    });
  },
});

export const unitLaws = [
  unitsOfSolvers,
  unitsOfResiduals,
  unitsOfVariables,
  convergedMeansConverged,
  convergedResiduals,
];
