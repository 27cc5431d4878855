const bars = '▁▂▃▄▅▆▇█';
/** From this ratio between the greatest and the least on, a line of positive numbers is drawn by their logarithms. */
const wide = 20;

/**
 * A line of numbers in as many characters: the lowest ▁, the highest █, what is not finite ×.
 *
 * @example sparkline([1, 2, 3]) // '▁▅█'
 */
export function sparkline(line: readonly (number | null)[]): string {
  const heights = relativeHeights(line);
  return heights
    .map((height) => (height === null ? '×' : bars[Math.round(height * (bars.length - 1))]))
    .join('');
}

/** Each number between the least (0) and the greatest (1), by logarithms where that tells more; null where it is none. */
export function relativeHeights(line: readonly (number | null)[]): (number | null)[] {
  const finite = line.filter((one): one is number => one !== null && Number.isFinite(one));
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const part = Number.isFinite(high - low) ? 1 : 0.5; // the difference of the greatest numbers is none
  const scale = low > 0 && high / low >= wide ? Math.log : (x: number) => part * x;
  const [from, to] = [scale(low), scale(high)];
  return line.map((one) => {
    if (one === null || !Number.isFinite(one)) return null;
    return to === from ? 0 : (scale(one) - from) / (to - from);
  });
}
