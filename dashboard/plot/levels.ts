/**
 * The values at which a landscape gets contour lines: up to `count` round numbers, which split the area as
 * circles of radii 1, 2, 3, … would. Around a minimum the lines therefore lie at even distances, in the valley of
 * a steep function as on its walls, and whatever is added to f or done to it by a growing function.
 *
 * @param values samples over the window; those that are not finite do not count
 */
export function contourLevels(values: readonly number[], count: number): number[] {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  if (!(greatest > least)) return [];
  const wanted = [least];
  for (let k = 1; k <= count; k++) wanted.push(sorted[Math.floor((k / (count + 1)) ** 2 * sorted.length)]);
  wanted.push(greatest);
  const levels: number[] = [];
  for (let k = 1; k <= count; k++) {
    const gap = Math.min(wanted[k] - wanted[k - 1], wanted[k + 1] - wanted[k]);
    const level = gap > 0 ? rounded(wanted[k], gap) : wanted[k];
    const last = levels.at(-1) ?? least;
    if (level > last && level < greatest) levels.push(level);
  }
  return levels;
}

/** The multiple of the largest 1, 2 or 5 times a power of ten that is at most `gap`, next to `value`. */
function rounded(value: number, gap: number): number {
  const exponent = Math.floor(Math.log10(gap));
  const mantissa = gap / 10 ** exponent;
  const unit = Number(`${mantissa >= 5 ? 5 : mantissa >= 2 ? 2 : 1}e${exponent}`);
  const level = Number((Math.round(value / unit) * unit).toPrecision(12));
  return level === 0 ? 0 : level;
}
