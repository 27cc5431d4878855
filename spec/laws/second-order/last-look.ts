import fc from 'fast-check';
import { halfSquares } from '../../arbitraries/boxes.js';
import { inner, leastSquaresSolution, plus } from '../../oracles/dense/matrices.js';
import { largest, norm } from '../../subjects/point.js';
import type { HalfSquares } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { atMost, backward, bitwise, type Deviation } from '../tolerance.js';

/** The same in units of 2ʲ of x and 2ᵏ of r, its Jacobian multiplied by `trust`: what is told of derivatives may be wrong. */
function inUnits(problem: HalfSquares, j: number, k: number, trust: number): HalfSquares {
  const back = (x: Float64Array) => x.map((xi) => xi * 2 ** -j);
  const by = (values: Float64Array, power: number) => values.map((value) => value * 2 ** power);
  return {
    residuals: (x) => by(problem.residuals(back(x)), k),
    jacobian: (x) => by(problem.jacobian(back(x)), k - j).map((entry) => trust * entry),
    value: (x) => problem.value(back(x)) * 2 ** (2 * k),
    gradient: (x) => by(problem.gradient(back(x)), 2 * k - j).map((entry) => trust * entry),
    hessian: (x) => by(problem.hessian(back(x)), 2 * k - 2 * j),
  };
}

export const lastLook = law({
  id: '74c',
  name: 'a last look',
  statement:
    'Away from a minimum a last look finds a point, in the box where there is one, that lowers f by a tenth of what the slope promises, and knows the gradient there; at the minimum of linear residuals it finds none that does not lower f; where the Jacobian is −J it says, if it says anything of derivatives, that differences contradict it.',
  tolerance: 'I',
  source: 'Armijo 1966: along a slope every short enough step descends',
  kind: 'lastLook',
  sample: () =>
    fc
      .tuple(
        fc.boolean(),
        fc.constantFrom<'away' | 'boxed' | 'minimum' | 'wrong'>('away', 'boxed', 'minimum', 'wrong'),
      )
      .chain(([bent, place]) =>
        fc.tuple(
          halfSquares({ linear: place === 'minimum' || place === 'wrong' || !bent }),
          fc.constant(place),
          fc.integer({ min: -60, max: 60 }),
          fc.integer({ min: -60, max: 60 }),
          fc.array(fc.constantFrom(Number.POSITIVE_INFINITY, 0.25, 0), { minLength: 6, maxLength: 6 }),
        ),
      ),
  measure(subject, [{ problem, start, n }, place, j, k, sides]) {
    const told = inUnits(problem, j, k, place === 'wrong' ? -1 : 1);
    const zero = new Float64Array(n);
    const origin =
      place === 'minimum'
        ? leastSquaresSolution(
            problem.jacobian(zero),
            problem.residuals(zero).map((r) => -r),
            n,
          )
        : Float64Array.from(start);
    const x = origin.map((xi) => xi * 2 ** j);
    const at = (distance: number, sign: number) => (xi: number, i: number) =>
      xi + sign * sides[i + distance] * 2 ** j;
    const box = place === 'boxed' ? { lower: x.map(at(0, -1)), upper: x.map(at(3, 1)) } : undefined;
    const [f, g] = [told.value(x), told.gradient(x)];
    const steep = norm(told.hessian(x));
    const terms = Math.abs(f) + norm(g) * norm(x) + steep * norm(x) ** 2;
    const { end, x: found, gradient } = subject.look(told, x, box);
    const held = (i: number) => box !== undefined && (g[i] > 0 ? x[i] <= box.lower[i] : x[i] >= box.upper[i]);
    const free = g.map((gi, i) =>
      held(i) || (box?.lower[i] === box?.upper[i] && box !== undefined) ? 0 : gi,
    );
    // Far enough from flat that rounding of f cannot hide it.
    const descends = inner(free, free) > 1e-6 * steep * terms;
    const deviations: Deviation[] = [];
    if (place === 'wrong') {
      fc.pre(descends);
      const expected = subject.tellsOfContradictions ? 'contradicted' : 'noise';
      return [bitwise(`'${expected}', not '${end}'`, Number(end === expected), 1)];
    }
    if (place !== 'minimum') {
      fc.pre(descends);
      deviations.push(bitwise(`'lowered', not '${end}'`, Number(end === 'lowered'), 1));
    } else deviations.push(bitwise(`not 'contradicted'`, Number(end === 'contradicted'), 0));
    if (end !== 'lowered') return deviations;
    const promised = -inner(g, plus(found, x, -1));
    const lower = told.value(found);
    if (box !== undefined)
      deviations.push(
        ...Array.from(found, (xi, i) =>
          bitwise(`x_${i} in the box`, Number(xi >= box.lower[i] && xi <= box.upper[i]), 1),
        ),
      );
    const right = told.gradient(found);
    const scale =
      norm(right) +
      steep * (norm(x) + norm(found)) +
      norm(told.jacobian(found)) * norm(told.residuals(found));
    return [
      ...deviations,
      bitwise('f is lower', Number(lower < f), 1),
      atMost(
        'f(x′) beside f − promised/10',
        lower,
        f - Math.max(0, promised) / 10,
        n,
        subject.epsilon,
        terms + lower,
      ),
      backward(
        'the gradient there',
        norm(plus(gradient, right, -1)),
        scale,
        4 * n * (1 + largest(start)),
        subject.epsilon,
      ),
    ];
  },
});
