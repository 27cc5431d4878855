/** Places on a log axis: grid lines, and which of them get a label. */
export interface LogTick {
  readonly value: number;
  readonly labelled: boolean;
}

/** More decades than this are drawn without the lines between them. */
const mostFine = 8;

/**
 * The ticks of a log axis from `low` to `high`, both above 0: powers of ten, their multiples where these are
 * few enough to see, and labels no closer than `room` allows.
 *
 * @param room how many labels fit
 */
export function logTicks(low: number, high: number, room: number): readonly LogTick[] {
  const decades = Math.log10(high / low);
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const stride = Math.max(1, Math.ceil(decades / Math.max(1, room)));
  const labels = labelledMultiples(decades, room);
  const ticks: LogTick[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    for (let multiple = 1; multiple < (decades > mostFine ? 2 : 10); multiple++) {
      const value = Number(`${multiple}e${exponent}`);
      if (value < low * (1 - 1e-12) || value > high * (1 + 1e-12)) continue;
      const labelled = multiple === 1 ? exponent % stride === 0 : stride === 1 && labels.includes(multiple);
      ticks.push({ value, labelled });
    }
  }
  return ticks;
}

/** Which multiples of a power of ten get a label besides 1. */
function labelledMultiples(decades: number, room: number): readonly number[] {
  if (9 * decades <= room) return [2, 3, 4, 5, 6, 7, 8, 9];
  return 3 * decades <= room ? [2, 5] : [];
}

/** [low, high], both above 0, widened to whole multiples of their powers of ten. */
export function logRange(low: number, high: number): readonly [number, number] {
  const [under, over] = [exponentOf(low), exponentOf(high)];
  const bottom = Number(`${Math.max(1, Math.floor(low / Number(`1e${under}`)))}e${under}`);
  const top = Number(`${Math.ceil(high / Number(`1e${over}`))}e${over}`);
  return [Math.min(bottom, low), Math.max(top, high, 2 * bottom)];
}

/** Not below that of the least power of ten with all its digits. */
function exponentOf(value: number): number {
  return Math.max(-307, Number(value.toExponential().split('e')[1]));
}
