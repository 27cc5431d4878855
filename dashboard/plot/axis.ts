import { logRange, logTicks } from './log-ticks.js';

/** One axis of a area: a stretch of numbers laid out from pixel `from` to pixel `to`. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
  /** The pixel of a value, outside the area too; NaN where the axis cannot show it. */
  place(value: number): number;
  readonly ticks: readonly Tick[];
}

export interface Tick {
  readonly value: number;
  /** Empty for a line between labelled ones. */
  readonly text: string;
}

/** Pixels a label on an axis needs. */
export interface Room {
  readonly from: number;
  readonly to: number;
  readonly perLabel: number;
}

export function linearAxis(low: number, high: number, { from, to, perLabel }: Room): Axis {
  const scale = (to - from) / (high - low);
  const room = Math.abs(to - from) / perLabel;
  return {
    low,
    high,
    from,
    to,
    place: (value) => from + (value - low) * scale,
    ticks: linearTicks(low, high, room),
  };
}

/** `low` and `high` are above 0; the axis ends at round numbers. */
export function logAxis(low: number, high: number, { from, to, perLabel }: Room): Axis {
  const [bottom, top] = logRange(low, high);
  const scale = (to - from) / Math.log(top / bottom);
  const place = (value: number) => (value > 0 ? from + Math.log(value / bottom) * scale : Number.NaN);
  const plain = bottom >= 1e-3 && top <= 1e4;
  const ticks = logTicks(bottom, top, Math.abs(to - from) / perLabel).map(({ value, labelled }) => ({
    value,
    text: labelled ? (plain ? String(value) : powerOfTen(value)) : '',
  }));
  return { low: bottom, high: top, from, to, place, ticks };
}

/** Multiples of 1, 2 or 5 times a power of ten, no more than fit. */
export function linearTicks(low: number, high: number, room: number): Tick[] {
  const raw = (high - low) / Math.max(1, room);
  const exponent = Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * 10 ** exponent >= raw * (1 - 1e-9)) ?? 10;
  const step = factor * 10 ** exponent;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const large = Math.max(Math.abs(low), Math.abs(high));
  const plain = decimals <= 5 && large < 1e6;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => {
    const value = (first + k) * step;
    const digits = Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1)) - Math.floor(Math.log10(step)));
    return { value, text: plain ? signed(value.toFixed(decimals)) : powerOfTen(value, digits) };
  });
}

/** A number as a reader writes it: 0.25, −3, 2×10⁷. */
export function plainNumber(value: number, digits = 12): string {
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 'NaN';
  if (size === Infinity) return value > 0 ? '∞' : '−∞';
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return powerOfTen(value, digits - 1);
  return signed(String(Number(value.toPrecision(digits))));
}

/** 10⁻³, 2.5×10⁷; at most `digits` digits behind the point. */
export function powerOfTen(value: number, digits = 0): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = value.toExponential(Math.min(digits, 20)).split('e');
  const shown = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  const power = `10${superscript(Number(exponent))}`;
  if (shown === '1') return power;
  return shown === '-1' ? `−${power}` : `${signed(shown)}×${power}`;
}

function superscript(value: number): string {
  return String(value).replace(/./g, (digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]));
}

/** With a true minus sign, and none before zero. */
function signed(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}
