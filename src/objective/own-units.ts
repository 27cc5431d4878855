import { largest } from '../linalg/vector.js';
import type { Evaluations, Units } from './evaluations.js';
import type { Iterate } from './iterate.js';
import type { Readings } from './measure.js';
import type { Iteration } from './solver.js';

/**
 * Runs an iteration in the units of its start, in which the largest |xᵢ| and the largest |gᵢ| lie in [1, 2): what a
 * method calls 1, long or steep is then so relative to where it began, and no square of it overflows.
 *
 * The units are powers of two, so that nothing is rounded: f → 2ᵏf and x → 2ʲx leave the path the same bit for bit.
 * The length is that of {@link lengthAt}; where that is 0, 1.
 */
export function inOwnUnits(
  evaluations: Evaluations,
  at: Iterate,
  begin: (evaluations: Evaluations, at: Iterate, units: Units) => Iteration,
): Iteration {
  const { box } = evaluations;
  const units = unitsOf(box === undefined ? at : { ...at, gradient: box.free(at.x, at.gradient) });
  if (units.x === 1 && units.gradient === 1) return begin(evaluations, at, units);
  return new ScaledIteration(evaluations, at, units, begin);
}

class ScaledIteration implements Iteration {
  private readonly inner: Iterate;
  private readonly steps: Iteration;

  constructor(
    evaluations: Evaluations,
    private readonly at: Iterate,
    private readonly units: Units,
    begin: (evaluations: Evaluations, at: Iterate, units: Units) => Iteration,
  ) {
    const { x, gradient } = units;
    this.inner = {
      x: quotients(at.x, x),
      value: at.value / gradient / x,
      gradient: quotients(at.gradient, gradient),
    };
    this.steps = begin(evaluations.inUnits(units), this.inner, units);
  }

  advance() {
    const outcome = this.steps.advance();
    const { at, inner, units } = this;
    for (let i = 0; i < at.x.length; i++) {
      at.x[i] = inner.x[i] * units.x;
      at.gradient[i] = inner.gradient[i] * units.gradient;
    }
    at.value = inner.value * units.x * units.gradient;
    return outcome;
  }

  get measures(): Readings {
    const { measures = {}, dimensions = {} } = this.steps;
    const { x, gradient } = this.units;
    const shown: { [name: string]: number | readonly number[] } = {};
    for (const name in measures) {
      const { x: lengths = 0, value: values = 0 } = dimensions[name] ?? {};
      // A unit of f is one of the gradient times one of x.
      const measured = measures[name];
      const scaled = (one: number) => one * x ** (lengths + values) * gradient ** values;
      shown[name] = typeof measured === 'number' ? scaled(measured) : measured.map(scaled);
    }
    return shown;
  }
}

/**
 * How long a start is: max |xᵢ|. Where x is 0, or so near that a step as long shows in no digit of f, it says nothing of
 * the function's own length: then |f|/‖g‖∞, as far as a linear f is from 0.
 */
export function lengthAt({ x, value, gradient }: Iterate): number {
  const [far, steep] = [largest(x), largest(gradient)];
  const shows = far * steep > Number.EPSILON * Math.abs(value);
  const linear = Math.abs(value) / steep;
  return far > 0 && (shows || !(linear < Number.POSITIVE_INFINITY)) ? far : linear;
}

function unitsOf(at: Iterate): Units {
  const steep = powerOfTwo(largest(at.gradient));
  const length = powerOfTwo(lengthAt(at));
  const level = steep * length;
  // Units of a function at the edge of float64 would not be numbers.
  return hasInverse(steep) && hasInverse(length) && hasInverse(level)
    ? { x: length, gradient: steep }
    : { x: 1, gradient: 1 };
}

function hasInverse(unit: number): boolean {
  return unit > 0 && unit < Number.POSITIVE_INFINITY && 1 / unit > 0 && 1 / unit < Number.POSITIVE_INFINITY;
}

function quotients(v: Float64Array, divisor: number): Float64Array {
  const result = new Float64Array(v.length);
  for (let i = 0; i < v.length; i++) result[i] = v[i] / divisor;
  return result;
}

const bits = new DataView(new ArrayBuffer(8));

/** The largest power of two that is at most a number; 1 for what has none among the normal numbers. */
export function powerOfTwo(value: number): number {
  if (!(value >= 2 ** -1022 && value < Number.POSITIVE_INFINITY)) return 1;
  bits.setFloat64(0, value);
  bits.setUint32(0, bits.getUint32(0) & 0x7ff00000);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}
