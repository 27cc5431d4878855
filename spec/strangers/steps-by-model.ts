import { inner, plus, times } from '../oracles/dense/matrices.js';
import type { More, PlainOptimizer } from '../subjects/foreign/plain.js';

/** What is kept from step to step, and what the curvature has learnt. */
interface Kept<C> {
  readonly count: number;
  readonly damping: number;
  readonly slope: number;
  readonly bend: number;
  readonly last: Float64Array;
  readonly learnt: C | undefined;
}

/** Where a step is made. */
export interface Here<C> extends More {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  readonly damping: number;
  readonly learnt: C | undefined;
}

/** A method whose steps a quadratic model makes, and the curvature that it goes along. */
export interface StepsByModel<C> {
  readonly claims: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** −C⁻¹g, and what C has learnt from this batch. */
  direction(here: Here<C>): { readonly forth: Float64Array; readonly learnt?: C };
  /** Where the layer nearest to the outputs begins, if it is to have a rate of its own. */
  lastLayer?(here: Here<C>): number | undefined;
  /** What λ is multiplied by, by ρ alone; a mutant has another. */
  readonly follows?: (ratio: number, omega: number) => number;
}

const [start, omega, least] = [0.5, 0.9, 0.01];

export const stepOptions = { damping: start, decay: omega, leastDamping: least, calibrate: false };

function follow(ratio: number): number {
  if (!(ratio >= -1)) return omega ** -4;
  if (ratio > 0.95) return omega ** 2;
  if (ratio > 0.75) return omega;
  return ratio < 0.25 ? 1 / omega : 1;
}

/** Rates and momentum from the dense quadratic model of a batch, and λ by what it foretold, as a stranger's module sees it. */
export function stepsByModel<C>({
  claims,
  options,
  direction,
  lastLayer = () => undefined,
  follows = follow,
}: StepsByModel<C>): PlainOptimizer<Kept<C>> {
  return {
    name: `${claims} (naive)`,
    claims,
    options: { ...stepOptions, ...options },
    init: (x) => ({
      count: 0,
      damping: start,
      slope: 0,
      bend: 0,
      last: new Float64Array(x.length),
      learnt: undefined,
    }),
    step(x, gradient, kept, more) {
      const here = { ...more, x, gradient, damping: kept.damping, learnt: kept.learnt };
      const { forth, learnt } = direction(here);
      const curvature = more.model!.gaussNewton;
      const bent = (u: Float64Array, v: Float64Array) => inner(u, times(curvature, v));
      // The batch after a step says how much of it, and of those before, it would have made.
      const first = kept.count === 0;
      const slope = 0.8 * kept.slope + (first ? 0 : inner(gradient, kept.last));
      const bend = 0.8 * kept.bend + (first ? 0 : bent(kept.last, kept.last));
      const multiple = bend === 0 ? 1 : 1 - slope / bend;
      const from = bend > 0 && multiple >= 0.5 ? lastLayer(here) : undefined;
      const ways =
        from === undefined
          ? [forth]
          : [forth.map((d, i) => (i < from ? d : 0)), forth.map((d, i) => (i < from ? 0 : d))];
      if (!first) ways.push(kept.last);
      const step = minimizing(gradient, (u, v) => bent(u, v) + kept.damping * inner(u, v), ways);
      const predicted = inner(gradient, step) + bent(step, step) / 2;
      const changeOver = (s: Float64Array) => more.evaluate(plus(x, s)).value - more.value;
      const change = changeOver(step);
      const ratio = change === 0 && predicted === 0 ? 1 : change / predicted;
      const halves = [2, 4, 8, 16].map((part) => step.map((s) => s / part));
      const taken = ratio >= 0 ? step : halves.find((part) => changeOver(part) <= 0);
      const own = follows(ratio, omega);
      const asked = multiple >= 0.5 || !(ratio >= -1) ? own : 1 / omega;
      const damping = kept.damping * (multiple < 0.9 ? Math.max(asked, 1) : asked);
      const last = taken ?? new Float64Array(x.length);
      return {
        x: plus(x, last),
        state: { count: kept.count + 1, damping: Math.max(damping, least), slope, bend, last, learnt },
      };
    },
  };
}

/** The minimizer of gᵀδ + ½δᵀQδ over what the ways span, each made conjugate to those before it; one that is theirs is left out. */
function minimizing(
  g: Float64Array,
  q: (u: Float64Array, v: Float64Array) => number,
  ways: readonly Float64Array[],
): Float64Array {
  const apart: Float64Array[] = [];
  let found = new Float64Array(g.length);
  for (const way of ways) {
    const d = apart.reduce((rest, one) => plus(rest, one, -q(one, way) / q(one, one)), way);
    if (!(q(d, d) > (apart.length === 0 ? 0 : 1e-6 * q(way, way)))) continue;
    apart.push(d);
    found = Float64Array.from(plus(found, d, -inner(g, d) / q(d, d)));
  }
  return found;
}
