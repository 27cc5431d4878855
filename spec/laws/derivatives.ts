import fc from 'fast-check';
import { dataSets } from '../arbitraries/data-sets.js';
import { dyadicVector } from '../arbitraries/dyadic.js';
import { inner } from '../oracles/dense/matrices.js';
import { norm } from '../subjects/point.js';
import { law } from './law.js';
import { backward, type Deviation } from './tolerance.js';

export const microBatches = law({
  id: '10',
  name: 'micro-batches',
  statement:
    'The gradient of a batch is the mean of its parts’ gradients weighted by their sizes; order and duplication of the whole batch change nothing.',
  tolerance: 'R',
  source: 'linearity of the mean',
  kind: 'problem',
  sample: (subject) => fc.tuple(dataSets(subject.dimension), fc.nat(5), fc.nat(5)),
  measure(subject, [{ rows, parameters }, cut, turn]) {
    const x = Float64Array.from(parameters);
    const whole = subject.evaluate(x, rows);
    const singles = rows.map((row) => subject.evaluate(x, [row]));
    const norms =
      singles.reduce((total, { gradient, value }) => total + norm(gradient) + Math.abs(value), 0) /
      rows.length;
    const n = rows.length + x.length;
    const compare = (what: string, other: { value: number; gradient: ArrayLike<number> }) => {
      const residual = [...whole.gradient].map((g, i) => g - other.gradient[i]);
      return backward(what, norm([...residual, whole.value - other.value]), norms, n, subject.epsilon);
    };
    const at = cut % rows.length;
    const parts = [rows.slice(0, at), rows.slice(at)].filter((part) => part.length > 0);
    const weighted = { value: 0, gradient: new Float64Array(x.length) };
    for (const part of parts) {
      const own = subject.evaluate(x, part);
      const weight = part.length / rows.length;
      weighted.value += weight * own.value;
      own.gradient.forEach((g, i) => {
        weighted.gradient[i] += weight * g;
      });
    }
    const turned = [...rows.slice(turn % rows.length), ...rows.slice(0, turn % rows.length)];
    return [
      compare('weighted mean of two parts', weighted),
      compare('rows in another order', subject.evaluate(x, turned)),
      compare('every row twice', subject.evaluate(x, [...rows, ...rows])),
    ];
  },
});

export const taylor = law({
  id: '11',
  name: 'Taylor remainder',
  statement:
    '|f(x+hv) − f(x) − h∇f(x)ᵀv| falls with slope ≥ 1.9 in h, or is below 10³·ε·S; or the same of its odd part, |f(x+hv) − f(x−hv) − 2h∇f(x)ᵀv|.',
  tolerance: 'I',
  source: "Taylor's theorem",
  kind: 'function',
  sample: ({ start }) => fc.tuple(dyadicVector(start.length), dyadicVector(start.length)),
  measure(subject, [shift, chosen]) {
    const length = norm(chosen);
    if (length === 0) return [];
    const x = Float64Array.from(shift, (d, i) => subject.start[i] + d / 4);
    const g = subject.gradient(x);
    const value = subject.value(x);
    const along = g.reduce((total, gi, i) => total + (gi * chosen[i]) / length, 0);
    const at = (h: number) => subject.value(x.map((xi, i) => xi + (h * chosen[i]) / length));
    // What rounding inside f may cost: its change when every coordinate is off by one unit in the last place.
    const inside = g.reduce((total, gi, i) => total + Math.abs(gi * x[i]), 0);
    const noise = 1e3 * subject.epsilon;
    const oneSided = steepest((h) => {
      const there = at(h);
      const terms = Math.abs(there) + Math.abs(value) + Math.abs(h * along) + inside;
      return { remainder: Math.abs(there - value - h * along), noise: noise * terms };
    });
    if (oneSided >= leastSlope) return [];
    // Where the second and third derivative happen to cancel, the odd part, which has no second, decides: a
    // wrong gradient gives both the slope 1.
    const odd = steepest((h) => {
      const [there, back] = [at(h), at(-h)];
      const terms = Math.abs(there) + Math.abs(back) + Math.abs(2 * h * along) + inside;
      return { remainder: Math.abs(there - back - 2 * h * along), noise: noise * terms };
    });
    return [slopeOf(Math.max(oneSided, odd))];
  },
});

export const hessianProducts = law({
  id: '12',
  name: 'products with the Hessian',
  statement:
    'H(2u + v) = 2Hu + Hv and uᵀHv = vᵀHu (R); ‖∇f(x+hv) − ∇f(x) − hHv‖ falls with slope ≥ 1.9 in h, or is below 10³·ε·S; or the same of its odd part.',
  tolerance: 'I',
  source: "Taylor's theorem for the gradient; Schwarz's theorem; Pearlmutter 1994",
  kind: 'function',
  sample: ({ start }) =>
    fc.tuple(dyadicVector(start.length), dyadicVector(start.length), dyadicVector(start.length)),
  measure(subject, [shift, first, second]) {
    const { epsilon, products, start } = subject;
    const n = start.length;
    const [u, v] = [Float64Array.from(first), Float64Array.from(second)];
    const length = norm(v);
    if (products === undefined || length === 0 || norm(u) === 0) return [];
    const x = Float64Array.from(shift, (d, i) => start[i] + d / 4);
    const product = products(x);
    const [hu, hv] = [product(u), product(v)];
    const both = product(u.map((ui, i) => 2 * ui + v[i]));
    // Its columns, which tell how large H is and what a rounding of x costs.
    const columns = Array.from(x, (_, j) => norm(product(Float64Array.from(x, (_, i) => Number(i === j)))));
    const size = norm(columns);
    const norms = size * (norm(u) + length);
    fc.pre(Number.isFinite(norms * length)); // beyond, nothing is told from an overflow
    const linear = norm(both.map((entry, i) => entry - 2 * hu[i] - hv[i]));
    const skew = Math.abs(inner(u, hv) - inner(v, hu));
    const gradient = subject.gradient(x);
    const along = hv.map((entry) => entry / length);
    const at = (h: number) => subject.gradient(x.map((xi, i) => xi + (h * v[i]) / length));
    const inside = columns.reduce((total, column, j) => total + column * Math.abs(x[j]), 0);
    const noise = 1e3 * epsilon;
    const oneSided = steepest((h) => {
      const there = at(h);
      const terms = norm(there) + norm(gradient) + h * norm(along) + inside;
      const remainder = norm(there.map((g, i) => g - gradient[i] - h * along[i]));
      return { remainder, noise: noise * terms };
    });
    const odd = () =>
      steepest((h) => {
        const [there, back] = [at(h), at(-h)];
        const terms = norm(there) + norm(back) + 2 * h * norm(along) + inside;
        const remainder = norm(there.map((g, i) => g - back[i] - 2 * h * along[i]));
        return { remainder, noise: noise * terms };
      });
    return [
      backward('H(2u + v) − 2Hu − Hv', linear, norms, n, epsilon),
      backward('uᵀHv − vᵀHu', skew, size * norm(u) * length, n, epsilon),
      ...(oneSided >= leastSlope ? [] : [slopeOf(Math.max(oneSided, odd()))]),
    ];
  },
});

export const derivativeLaws = [microBatches, taylor, hessianProducts];

const leastSlope = 1.9;

/** The steepest of the last three slopes before the remainder sinks into the noise; ∞ where it does at once. */
function steepest(at: (h: number) => { remainder: number; noise: number }): number {
  const slopes: number[] = [];
  let coarser: number | undefined;
  for (let exponent = 2; exponent <= 20; exponent += 2) {
    const { remainder, noise } = at(2 ** -exponent);
    if (remainder <= noise) break;
    if (coarser !== undefined) slopes.push(Math.log2(coarser / remainder) / 2);
    coarser = remainder;
  }
  return slopes.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...slopes.slice(-3));
}

function slopeOf(got: number): Deviation {
  return {
    ratio: got >= leastSlope ? 0 : leastSlope / Math.max(got, Number.MIN_VALUE),
    what: 'slope of the Taylor remainder',
    expected: `≥ ${leastSlope}`,
    got: got.toPrecision(3),
  };
}
