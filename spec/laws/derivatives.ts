import fc from 'fast-check';
import { dataSets } from '../arbitraries/data-sets.js';
import { dyadicVector } from '../arbitraries/dyadic.js';
import { law } from './law.js';
import { norm } from './point.js';
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
  statement: '|f(x+hv) − f(x) − h∇f(x)ᵀv| falls with slope ≥ 1.9 in h, or is below 10³·ε·S.',
  tolerance: 'I',
  source: "Taylor's theorem",
  kind: 'function',
  sample: ({ start }) => fc.tuple(dyadicVector(start.length), dyadicVector(start.length)),
  measure(subject, [shift, direction]) {
    const x = Float64Array.from(shift, (d, i) => subject.start[i] + d / 4);
    const g = subject.gradient(x);
    const slope = g.reduce((total, gi, i) => total + gi * direction[i], 0);
    const value = subject.value(x);
    // What rounding inside f may cost: its change when every coordinate is off by one unit in the last place.
    const inside = g.reduce((total, gi, i) => total + Math.abs(gi * x[i]), 0);
    const slopes: number[] = [];
    let coarser: number | undefined;
    for (let exponent = 2; exponent <= 20; exponent += 2) {
      const h = 2 ** -exponent;
      const there = subject.value(x.map((xi, i) => xi + h * direction[i]));
      const remainder = Math.abs(there - value - h * slope);
      const noise =
        1e3 * subject.epsilon * (Math.abs(there) + Math.abs(value) + Math.abs(h * slope) + inside);
      if (remainder <= noise) break;
      if (coarser !== undefined) slopes.push(Math.log2(coarser / remainder) / 2);
      coarser = remainder;
    }
    return slopes.length === 0 ? [] : [slopeOf(Math.max(...slopes.slice(-3)))];
  },
});

export const derivativeLaws = [microBatches, taylor];

function slopeOf(got: number): Deviation {
  const least = 1.9;
  return {
    ratio: got >= least ? 0 : least / Math.max(got, Number.MIN_VALUE),
    what: 'slope of the Taylor remainder',
    expected: `≥ ${least}`,
    got: got.toPrecision(3),
  };
}
