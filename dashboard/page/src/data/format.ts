/** What stands where nothing is known. */
export const unknown = '–';

/**
 * A number as briefly as `digits` significant digits allow, with a true minus sign; NaN and ±∞ by name.
 *
 * @example number(0.000123456) // '1.235e−4'
 */
export function number(value: number | undefined, digits = 4): string {
  if (value === undefined) return unknown;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return minus(exponential(value, digits));
  return minus(size >= 10 ** digits ? String(Math.round(value)) : plain(value.toPrecision(digits)));
}

/** A label on an axis of ordinary numbers. */
export function plainTick(value: number): string {
  return value >= 1000 ? count(value) : minus(String(Number(value.toPrecision(6))));
}

/** A whole number with thin spaces between thousands. */
export function count(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return unknown;
  return minus(String(Math.round(value))).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');
}

export function percent(fraction: number | undefined, decimals = 1): string {
  if (fraction === undefined) return unknown;
  if (!Number.isFinite(fraction)) return number(fraction);
  return `${(100 * fraction).toFixed(decimals)}\u2009%`;
}

/** Seconds as 4.2 s, 1:05, 2:03:09. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return unknown;
  if (seconds < 9.95) return `${seconds.toFixed(1)}\u2009s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}\u2009s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Bytes in binary units. */
/** How many frames: `1 frame`. */
export const frames = (value: number): string => `${count(value)} ${value === 1 ? 'frame' : 'frames'}`;

/** A time that may be far below a millisecond. */
export function milliseconds(value: number): string {
  return value < 0.1 && value > 0 ? `${number(1000 * value, 3)} µs` : `${number(value, 3)} ms`;
}

export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toPrecision(3)}\u2009${units[unit]}`;
}

/** An option's value as one would write it in the call. */
export function option(value: unknown): string {
  if (typeof value === 'number') return minus(plain(String(value)));
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(option).join(', ')}]`;
  if ('name' in value && typeof value.name === 'string') {
    const { name, ...rest } = value;
    const own = 'options' in rest ? rest.options : rest;
    const given = Object.entries(own ?? {}).map(([key, entry]) => `${key}=${option(entry)}`);
    return given.length === 0 ? name : `${name}(${given.join(', ')})`;
  }
  return `{${Object.entries(value)
    .map(([name, entry]) => `${name}: ${option(entry)}`)
    .join(', ')}}`;
}

function exponential(value: number, digits: number): string {
  return plain(value.toExponential(digits - 1));
}

/** Without trailing zeros after a decimal point of an exponential, and without its plus sign. */
function plain(text: string): string {
  return text
    .replace(/(\.\d*?)0+e/, '$1e')
    .replace('.e', 'e')
    .replace('e+', 'e');
}

function minus(text: string): string {
  return text.replaceAll('-', '−');
}
