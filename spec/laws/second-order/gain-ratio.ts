import fc from 'fast-check';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import { inner, plus, times } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import { solverTraits } from '../../subjects/second-order/solver-traits.js';
import { law } from '../law.js';
import { atMost, backward, type Deviation } from '../tolerance.js';

export const dampingRule = law({
  id: '26',
  name: 'damping by the gain ratio',
  statement:
    'The next damping is never higher for a higher ρ, never raised when ρ ≥ ¾, and raised by a rejection.',
  tolerance: 'B',
  source: 'Marquardt 1963; Nielsen 1999, equation 2.4',
  kind: 'damping',
  sample: () =>
    fc.record({
      damping: fc.integer({ min: -20, max: 20 }).map((k) => 2 ** k),
      history: fc.array(fc.option(fc.integer({ min: 0, max: 16 })), { maxLength: 4 }),
      worse: fc.integer({ min: 0, max: 20 }).map((k) => k / 8),
      better: fc.integer({ min: 0, max: 20 }).map((k) => k / 8),
    }),
  measure(subject, { damping, history, worse, better }) {
    const after = (gainRatio: number | undefined) => {
      const rule = subject.start(damping);
      for (const earlier of history) {
        if (earlier === null) rule.rejected();
        else rule.accepted(earlier / 8);
      }
      const before = rule.value;
      if (gainRatio === undefined) rule.rejected();
      else rule.accepted(gainRatio);
      return { before, value: rule.value };
    };
    const [low, high] = [Math.min(worse, better), Math.max(worse, better)].map(after);
    const rejected = after(undefined);
    const found = [
      atMost('δ⁺ for the higher ρ', high.value, low.value, 1, subject.epsilon, low.value),
      atMost('δ before a rejection', rejected.before, rejected.value * (1 - 2 ** -10), 1, subject.epsilon, 0),
    ];
    if (Math.max(worse, better) >= 0.75)
      found.push(atMost('δ⁺ for ρ ≥ ¾', high.value, high.before, 1, subject.epsilon, high.before));
    return found;
  },
});

export const nielsenRule = law({
  id: '26g',
  name: 'Nielsen’s rule',
  statement:
    'Accepted: δ⁺ = δ·max(⅓, 1 − (2ρ − 1)³), 1/9 where ⅓ follows on ⅓. Rejected: δ⁺ = νδ, ν = 2, 4, 8, … in a row.',
  tolerance: 'R',
  source: 'Nielsen 1999, equation 2.4',
  kind: 'damping',
  sample: () =>
    fc.record({
      damping: fc.integer({ min: -20, max: 20 }).map((k) => 2 ** k),
      history: fc.array(fc.option(fc.integer({ min: 1, max: 16 })), { minLength: 1, maxLength: 6 }),
    }),
  measure(subject, { damping, history }) {
    const rule = subject.start(damping);
    let expected = damping;
    return history.map((eighths, k) => {
      const run = (kind: (earlier: number | null) => boolean) => {
        let length = 0;
        while (length < k && kind(history[k - 1 - length])) length++;
        return length;
      };
      if (eighths === null) {
        rule.rejected();
        expected *= 2 ** (run((earlier) => earlier === null) + 1);
      } else {
        rule.accepted(eighths / 8);
        const least = (of: number | null) => of !== null && 1 - (of / 4 - 1) ** 3 <= 1 / 3;
        const third = run(least) > 0 ? 1 / 9 : 1 / 3;
        expected *= least(eighths) ? third : 1 - (eighths / 4 - 1) ** 3;
      }
      const residual = Math.abs(rule.value - expected);
      return backward(`δ after ${k + 1} steps`, residual, expected, k + 1, subject.epsilon);
    });
  },
});

export const residualGain = law({
  id: '26b',
  name: 'gain ratio of least squares',
  statement: 'ρ·(½‖r‖² − ½‖r + Jp‖²) = ½‖r(x)‖² − ½‖r(x + p)‖², both recomputed from the points tried.',
  tolerance: 'I',
  source: 'Moré 1978, section 4',
  kind: 'leastSquares',
  sample: () =>
    fc.tuple(
      residualProblems({ linear: false }),
      fc.constantFrom(1e-3, 1),
      fc.constantFrom('identity', 'diagonal'),
    ),
  measure(subject, [problem, damping, scaling]) {
    const { points, trials } = subject.trace(problem, problem.start, 4, {
      damping,
      scaling: scaling as 'identity' | 'diagonal',
    });
    return trials.flatMap((tried, k) => {
      const from = points[k];
      const r = problem.residuals(from);
      const j = problem.jacobian(from);
      const value = inner(r, r) / 2;
      return tried.flatMap(({ x, gainRatio }) => {
        const p = plus(x, from, -1);
        const jp = times(j, p);
        const there = problem.residuals(x);
        // Expanded, −rᵀJp − ½‖Jp‖² does not cancel as the difference of squares does.
        const predicted = -inner(r, jp) - inner(jp, jp) / 2;
        const actual = value - inner(there, there) / 2;
        const terms =
          (1 + Math.abs(gainRatio!)) *
          (value + inner(there, there) / 2 + norm(r) * norm(j) * (norm(p) + norm(from)) + 4 * norm(jp) ** 2);
        return consistent(gainRatio!, predicted, actual, problem.m, subject.epsilon, 16 * terms);
      });
    });
  },
});

export const functionGain = law({
  id: '26c',
  name: 'gain ratio and region',
  statement:
    'ρ·(−gᵀp − ½pᵀHp) = f(x) − f(x + p), recomputed; a trial after a rejected one is shorter; Δ shrinks where ρ < ¼, does not where ρ ≥ ¾, and grows where it then was what kept the step short, and not where the step was not half as long.',
  tolerance: 'I',
  source: 'Nocedal and Wright 2006, algorithm 4.1',
  kind: 'solver',
  sample: () => fc.tuple(bentQuadratics(), fc.constantFrom(4, 1, 0.25, 64)),
  measure(subject, [{ problem, start, n }, radius]) {
    const { points, trials } = subject.trace(problem, start, 4, { radius, damping: 1e-3 });
    const { epsilon } = subject;
    const learns = solverTraits(subject).learnsModel === true;
    const found: Deviation[] = [];
    const sequence = trials.flatMap((tried, k) => tried.map((trial) => ({ from: points[k], k, ...trial })));
    sequence.forEach(({ from, k, x, gainRatio, radius: now }, at) => {
      const p = plus(x, from, -1);
      const g = problem.gradient!(from);
      const h = problem.hessian!(from);
      const [here, there] = [problem.value(from), problem.value(x)];
      if (!learns) {
        const predicted = -inner(g, p) - inner(p, times(h, p)) / 2;
        const size = norm(p) + norm(from);
        const terms =
          Math.abs(here) + Math.abs(there) + norm(g) * size + norm(h) * size * norm(p) + size ** 4;
        const weight = 16 * (1 + Math.abs(gainRatio!)) * terms;
        found.push(...consistent(gainRatio!, predicted, here - there, n, epsilon, weight));
      }
      const next = sequence[at + 1];
      if (next === undefined) return;
      if (next.k === k) {
        const [shorter, longer] = [norm(plus(next.x, from, -1)), norm(p)];
        // A step that ends inside the region may be repeated by a model that has learnt; the region shrinks.
        if (!learns)
          found.push(
            atMost('trial after a rejected one', shorter, longer, n, epsilon, 1e3 * (longer + norm(from))),
          );
      }
      if (now === undefined || next.radius === undefined) return;
      if (gainRatio! < 0.25)
        found.push(atMost('Δ after ρ < ¼', next.radius, now * (1 - 2 ** -10), n, epsilon, 0));
      if (norm(p) < now / 2)
        found.push(atMost('Δ after a step half as long', next.radius, now, n, epsilon, now));
      if (!(gainRatio! >= 0.75)) return;
      const short = norm(p) >= now * (1 - 2 ** -20) && norm(plus(g, times(h, p))) > 2 ** -20 * norm(g);
      const least = now * (!learns && gainRatio! > 0.75 && short ? 1 + 2 ** -10 : 1);
      found.push(atMost('Δ before ρ ≥ ¾', least, next.radius, n, epsilon, now));
    });
    return found;
  },
});

export const gainRatioLaws = [dampingRule, nielsenRule, residualGain, functionGain];

/** Whether ρ is the actual decrease over the predicted one, with no division by what may cancel. */
function consistent(
  gainRatio: number,
  predicted: number,
  actual: number,
  n: number,
  epsilon: number,
  terms: number,
): Deviation[] {
  return [atMost('|ρ·predicted − actual|', Math.abs(gainRatio * predicted - actual), 0, n, epsilon, terms)];
}
