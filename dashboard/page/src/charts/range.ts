/** What of the y axis is shown, and whether anything lies beyond it. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The values of a curve that are drawn; `failed` where its method diverged. */
export interface Drawn {
  readonly values: readonly (readonly number[])[];
  readonly failed: boolean;
}

/** The share of a curve's values on each side that may be spikes, and how far off these are in spreads of the rest. */
const tail = 0.03;
const spike = 2;
/** Fewer values than these are all of them shown. */
const fewest = 24;
/** A curve that alone would make the range so many times as long is left outside; one that failed, sooner. */
const stretched = { ordinary: 4, failed: 1.5 };

/**
 * The stretch of the y axis in which the curves can be told apart: single spikes do not rule it, and of the curves a
 * minority that lies far above the others, on a linear axis far below too, is left outside. On a log axis lengths are
 * ratios. Undefined where nothing is finite.
 */
export function robustRange(curves: readonly Drawn[], log: boolean): Range | undefined {
  const known = curves.flatMap(({ values, failed }) => {
    const span = withoutSpikes(values, log);
    return span === undefined ? [] : [{ ...span, failed }];
  });
  let kept = withoutFar(known, ({ high }) => high, known.length);
  if (!log) kept = withoutFar(kept, ({ low }) => -low, known.length);
  if (kept.length === 0) return undefined;
  let low = Math.min(...kept.map((span) => span.low));
  let high = Math.max(...kept.map((span) => span.high));
  // What was left outside at one end may well be seen at the other.
  const allowed = stretched.ordinary * (high - low);
  for (const span of known) {
    if (span.low < low && high - span.low <= allowed) low = span.low;
    if (span.high > high && span.high - low <= allowed && !span.failed) high = span.high;
  }
  return log ? { low: Math.exp(low), high: Math.exp(high) } : { low, high };
}

/** The range of all that is finite. */
export function wholeRange(curves: readonly Drawn[]): Range | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of curves) {
    for (const value of values.flat()) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? { low, high } : undefined;
}

/** In logarithms on a log axis. */
function withoutSpikes(values: readonly (readonly number[])[], log: boolean): Range | undefined {
  const all = new Float64Array(values.reduce((sum, { length }) => sum + length, 0));
  let count = 0;
  for (const part of values) {
    for (const value of part) {
      if (Number.isFinite(value) && !(log && value <= 0)) all[count++] = log ? Math.log(value) : value;
    }
  }
  if (count === 0) return undefined;
  const sorted = all.subarray(0, count).sort();
  const last = sorted.length - 1;
  const [low, high] = [sorted[0]!, sorted[last]!];
  if (sorted.length < fewest) return { low, high };
  const cut = Math.floor(tail * last);
  const [under, over] = [sorted[cut]!, sorted[last - cut]!];
  const spread = over - under;
  if (spread === 0) return { low, high };
  return {
    low: under - low > spike * spread ? under - spread / 4 : low,
    high: high - over > spike * spread ? over + spread / 4 : high,
  };
}

interface Span extends Range {
  readonly failed: boolean;
}

/** Leaves out, from the outermost inwards, the curves that make the range far longer than the others do. */
function withoutFar(spans: readonly Span[], end: (span: Span) => number, all: number): Span[] {
  const kept = spans.toSorted((a, b) => end(b) - end(a));
  while (kept.length > 1) {
    const [outer, ...rest] = kept;
    if (!outer!.failed && all - rest.length >= all / 2) break;
    const low = Math.min(...rest.map((span) => span.low));
    const high = Math.max(...rest.map((span) => span.high));
    const whole = Math.max(high, outer!.high) - Math.min(low, outer!.low);
    const allowed = outer!.failed ? stretched.failed : stretched.ordinary;
    if (!(high > low) || whole <= allowed * (high - low)) break;
    kept.shift();
  }
  return kept;
}
