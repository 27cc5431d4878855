import { findMethod } from '../../../src/index.js';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { plus } from '../../oracles/dense/matrices.js';
import { stepPicture } from '../../step-picture.js';
import { norm } from '../../subjects/point.js';
import { type SolverTraits, solverTraits } from '../../subjects/second-order/solver-traits.js';
import type { SolverSubject } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import type { Deviation } from '../tolerance.js';
import { alongDirections, broydenDirections } from './direction-judges.js';
import { followedDirections } from './followed-directions.js';
import { apart, direction, type Judging, type Known, type Options, type Seen, unit } from './judged-step.js';
import { conjugatePath, diagonal, dogleg, ones, pathRounding, shifted, steihaug } from './region-judges.js';
import { falls, newtonInOne, secant } from './univariate-judges.js';

export const solverAgreement = law({
  id: 'A2',
  name: 'agreement of solvers',
  statement:
    'Each step is one of those that the method can make from its points: s = αp with α > 0 along our direction p, within 30(nkκε + what changes of gradients by ε do to p) + 2ε(|x| + |x⁺|)/|s|, κ = ∏1/cos(sᵢ, yᵢ)·max(1, |sᵢ||g|/|yᵢ||p|) of those that learn from pairs and else 1; or, in a region, (H + λD)s = −g with λ ≥ 0, on the dogleg or on the path of conjugate gradients.',
  tolerance: 'K',
  source: "this package's method of that name, whatever the search or the radius; see docs/methods.md",
  kind: 'solver',
  sample: ({ variables }) => bentQuadratics().filter(({ n }) => n <= (variables ?? n)),
  measure(subject, { problem, start }) {
    const { fixed: options = {} } = subject;
    const known = problem as Known;
    const { points } = subject.trace(problem, start, 5, {});
    const judge = judges[solverTraits(subject).steps ?? 'along'](subject, known, points);
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
    if (!searches || solverTraits(subject).steps === 'broyden') return undefined;
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

const judges: Readonly<Record<NonNullable<SolverTraits['steps']> | 'along', Judging>> = {
  along: alongDirections,
  region: () => (seen) => {
    const { name } = (seen.options.subproblem ?? findMethod('trustRegion').defaults.subproblem) as {
      name: string;
    };
    const rule = name === 'dogleg' ? dogleg : name === 'steihaug' ? steihaug : shifted(ones);
    const said = rule(seen);
    return said === 'stop' ? said : [...said, ...(falls(seen) as Deviation[])];
  },
  damped: ({ fixed }) => shifted(fixed?.scaling === 'diagonal' ? diagonal : ones),
  truncated: () => (seen) => {
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
  falling: () => falls,
  newtonRoot: () => newtonInOne,
  secantRoot: () => secant,
};
