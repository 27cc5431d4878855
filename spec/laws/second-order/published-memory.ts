import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { inner, plus } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { comparable, type Deviation, forward } from '../tolerance.js';
import { apart } from './judged-step.js';

interface Learnt {
  readonly s: Float64Array;
  readonly dg: Float64Array;
}

/** The two loops on all pairs: what the first leaves of g, and the direction. */
function twoLoops(pairs: readonly Learnt[], g: Float64Array): { q: Float64Array; p: Float64Array } {
  let q: Float64Array = g;
  const alphas = pairs.toReversed().map(({ s, dg }) => {
    const alpha = inner(s, q) / inner(s, dg);
    q = plus(q, dg, -alpha);
    return alpha;
  });
  const r = pairs.reduce(
    (made, { s, dg }, i) => plus(made, s, alphas[pairs.length - 1 - i] - inner(dg, made) / inner(s, dg)),
    q,
  );
  return { q, p: r.map((ri) => -ri) };
}

export const publishedMemory = law({
  id: '35e',
  name: 'L-BFGS as published',
  statement:
    'Each step is along −Hg by the two loops from the identity on all pairs (s, g⁺ − q), q what the first loop had made of the gradient before.',
  tolerance: 'K',
  source: 'a widely read tutorial, error included; κ = ∏(‖s‖‖dg‖/sᵀdg)²',
  kind: 'solver',
  sample: () => bentQuadratics(),
  measure(subject, { problem, start, n }) {
    const { points } = subject.trace(problem, start, 4, {});
    const pairs: Learnt[] = [];
    const found: Deviation[] = [];
    let kappa = 1;
    for (let k = 0; k + 1 < points.length; k++) {
      const [x, next] = [points[k], points[k + 1]];
      const [g, after] = [problem.gradient!(x), problem.gradient!(next)];
      const { q, p } = twoLoops(pairs, g);
      const s = plus(next, x, -1);
      const lost = (norm(x) + norm(next)) / norm(s);
      const digits = (norm(g) * (norm(p) / norm(g) + norm(g) / norm(p))) / norm(g);
      if (!(inner(p, g) < 0) || !comparable(n, kappa * digits + lost, subject.epsilon)) break;
      found.push(
        forward(`direction of step ${k + 1}`, apart(s, p), 1, 4 * n, kappa * digits + lost, subject.epsilon),
      );
      const dg = plus(after, q, -1);
      const cosine = Math.abs(inner(s, dg)) / (norm(s) * norm(dg));
      kappa *= (((norm(after) + norm(q)) / norm(dg) + lost) / cosine) ** 2;
      pairs.push({ s, dg });
    }
    return found;
  },
});
