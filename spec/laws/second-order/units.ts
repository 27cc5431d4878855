import fc from 'fast-check';
import type { Minimization } from '../../../src/index.js';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import { largest, norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { atMost, bitwise } from '../tolerance.js';

/** Exponents k of f and j of x under which f, g and the Hessian, 2ᵏ, 2ᵏ⁻ʲ and 2ᵏ⁻²ʲ times as large, are normal numbers. */
const exponents = fc
  .tuple(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -450, max: 450 }))
  .filter(([k, j]) => Math.max(Math.abs(k - j), Math.abs(k - 2 * j)) <= 900);

/** Functions of as many variables as a method takes. */
const functions = (variables?: 1) =>
  bentQuadratics().filter(({ n, start }) => n <= (variables ?? n) && largest(start) > 0);

export const unitsOfSolvers = law({
  id: '73',
  name: 'units of solvers',
  statement:
    'f → 2ᵏf and x → 2ʲx leave the path the same, bit for bit, while f, x, the gradient and the Hessian are normal numbers; their squares need not be.',
  tolerance: 'B',
  source: 'homogeneity: nothing but the function says what is long or steep; powers of two are exact',
  kind: 'solver',
  sample: ({ variables }) => fc.tuple(functions(variables), exponents),
  measure(subject, [{ problem, start }, [k, j]]) {
    const [level, length] = [2 ** k, 2 ** j];
    const back = (x: Float64Array) => x.map((xi) => xi / length);
    const scaled: Minimization = {
      value: (x) => problem.value(back(x)) * level,
      gradient: (x) => problem.gradient!(back(x)).map((g) => (g * level) / length),
      hessian: (x) => problem.hessian!(back(x)).map((entry) => (entry * level) / length / length),
    };
    const there = subject.trace(problem, start, 6, {}).points;
    const here = subject.trace(
      scaled,
      start.map((xi) => xi * length),
      6,
      {},
    ).points;
    return [
      bitwise('iterations', here.length, there.length),
      ...there.slice(0, here.length).map((x, at) => bitwise(`x_${at} in units of 2^${j}`, back(here[at]), x)),
    ];
  },
});

export const convergedMeansConverged = law({
  id: '74',
  name: 'converged means converged',
  statement:
    'Where a run without a tolerance ends converged, no step along −g, from as long as x downwards, lowers f by more than its rounding error.',
  tolerance: 'I',
  source: 'a step that a damping or a region has shortened says nothing of the point',
  kind: 'solver',
  sample: ({ variables }) =>
    fc.tuple(functions(variables), fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 })),
  measure(subject, [{ problem, start, n }, k, j]) {
    const [level, length] = [2 ** k, 2 ** j];
    const back = (x: Float64Array) => x.map((xi) => xi / length);
    const scaled: Required<Pick<Minimization, 'value' | 'gradient' | 'hessian'>> = {
      value: (x) => problem.value(back(x)) * level,
      gradient: (x) => problem.gradient!(back(x)).map((g) => (g * level) / length),
      hessian: (x) => problem.hessian!(back(x)).map((entry) => (entry * level) / length / length),
    };
    const { points, outcome } = subject.trace(
      scaled,
      start.map((xi) => xi * length),
      60,
      {},
    );
    const x = points.at(-1)!;
    const g = scaled.gradient(x);
    if (outcome !== 'converged' || largest(g) === 0) return [];
    const f = scaled.value(x);
    const terms = Math.abs(f) + norm(g) * norm(x) + norm(scaled.hessian(x)) * norm(x) ** 2;
    const longest = (largest(x) || length) / largest(g);
    return Array.from({ length: 40 }, (_, halvings) => {
      const alpha = longest * 2 ** -halvings;
      const lower = scaled.value(x.map((xi, i) => xi - alpha * g[i]));
      return atMost('f(x) at the end', f, Number.isFinite(lower) ? lower : f, 4 * n, subject.epsilon, terms);
    });
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
    return fc.tuple(residualProblems(), power, power).filter(([{ start }]) => largest(start) > 0);
  },
  measure(subject, [problem, k, j]) {
    const [level, length] = [2 ** k, 2 ** j];
    const back = (x: Float64Array) => x.map((xi) => xi / length);
    const scaled = {
      residuals: (x: Float64Array) => problem.residuals(back(x)).map((r) => r * level),
      jacobian: (x: Float64Array) => problem.jacobian(back(x)).map((entry) => (entry * level) / length),
    };
    const start = Float64Array.from(problem.start);
    const there = subject.trace(problem, start, 6, {}).points;
    const here = subject.trace(
      scaled,
      start.map((xi) => xi * length),
      6,
      {},
    ).points;
    return [
      bitwise('iterations', here.length, there.length),
      ...there.slice(0, here.length).map((x, at) => bitwise(`x_${at} in units of 2^${j}`, back(here[at]), x)),
    ];
  },
});

export const unitLaws = [unitsOfSolvers, unitsOfResiduals, convergedMeansConverged];
