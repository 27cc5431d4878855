import { ends } from '../../../../src/algebra/domain.js';
import type { Option } from '../../../../src/algebra/option.js';
import { partsOf } from './method-choice.js';

/** A number by a slider's position, 0 … 1, and back. */
export interface Slider {
  value(position: number): number;
  position(value: number): number;
}

/** An open end is reached as far as this. */
const near = 1e-3;
/** Without an upper end a slider goes so many powers of ten to each side of the default. */
const decades = 3;
/** Below this part of its interval a default wants a log scale. */
const small = 0.02;
const digits = 3;

/** A slider over the interval of an option, linear or by powers of ten; undefined where no stretch of it suggests itself. */
export function sliderOf(
  option: Option<unknown>,
  others: Readonly<Record<string, unknown>>,
): Slider | undefined {
  const number = partsOf(option.allows).find((part) => part.kind === 'number');
  if (number?.kind !== 'number') return undefined;
  const { interval, whole } = number;
  const { low, high } = ends(interval, others);
  const standard = typeof option.default === 'number' && Number.isFinite(option.default) ? option.default : 1;
  if (Number.isNaN(low) || Number.isNaN(high) || low < 0) return undefined;
  if (whole) return linear(low, Number.isFinite(high) ? high : Math.max(20, 3 * standard), Math.round);
  const open = (high - low) * near;
  if (Number.isFinite(high)) {
    const [least, most] = [
      interval.startsWith('(') ? low + open : low,
      interval.endsWith(')') ? high - open : high,
    ];
    if (standard > 0 && standard - low < small * (high - low)) return powers(standard / 10 ** decades, most);
    return linear(least, most, rounded);
  }
  const middle = standard > 0 ? standard : 1;
  return powers(Math.max(low, middle / 10 ** decades), Math.max(middle, low || 1) * 10 ** decades);
}

function linear(low: number, high: number, round: (value: number) => number): Slider {
  return {
    value: (position) => round(low + position * (high - low)),
    position: (value) => clamped((value - low) / (high - low)),
  };
}

function powers(low: number, high: number): Slider {
  const span = Math.log(high / low);
  return {
    value: (position) => Math.min(high, Math.max(low, rounded(low * Math.exp(position * span)))),
    position: (value) => clamped(Math.log(value / low) / span),
  };
}

/** NaN, as of what is not given, stands in the middle. */
function clamped(position: number): number {
  return Number.isNaN(position) ? 0.5 : Math.min(1, Math.max(0, position));
}

function rounded(value: number): number {
  return Number(value.toPrecision(digits));
}
