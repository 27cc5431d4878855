import type { MethodResult, RunStarted } from './events.js';

/** What the runs of a race under several seeds are compared by; the least is the best. */
export type Compared = 'stepsToTarget' | 'steps' | 'trainLoss' | 'value';

/** Mean and standard deviation (n − 1 in its denominator) over the seeds; absent where a run has no number. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** The runs of one method. */
export interface Contestant {
  readonly label: string;
  readonly seeds: readonly number[];
  /** One a seed, as `seeds`; null where the target was never met. */
  readonly values: readonly (number | null)[];
  /** Of the values, where all runs have one. */
  readonly spread?: Spread;
  readonly trainLoss?: Spread;
  readonly loss?: Spread;
  readonly accuracy?: Spread;
  readonly millisecondsPerStep: number;
  /** How many runs ended in trouble. */
  readonly failed: number;
  /** With a target for a model: whether the mean loss after all steps is significantly below it. */
  readonly meetsTarget?: boolean;
}

/** Whether one method was significantly faster than another whose mean is larger. */
export interface Pair {
  readonly faster: string;
  readonly than: string;
  /** Δ/(σ√(1/n₁ + 1/n₂)). */
  readonly z: number;
  readonly significant: boolean;
}

export interface SeedComparison {
  readonly by: Compared;
  readonly target?: number;
  readonly contestants: readonly Contestant[];
  readonly pairs: readonly Pair[];
}

/** The one-sided 0.1 % point of the normal distribution. */
export const critical = 3.09;

/**
 * Compares the methods of a race over its seeds, all of them.
 *
 * One is significantly faster than another where Δ ≥ 3.09·σ√(1/n₁ + 1/n₂), Δ the difference of their means and σ² their
 * pooled variance, Σ(x − x̄)²/(n₁ + n₂ − 2): a one-sided z-test at 0.1 % that takes σ as known, so that of few seeds it
 * is somewhat bold. Compared are the steps to the target where there is one (a run that never meets it counts as all
 * its steps, and its method is called faster than none); else, on a function where every run converged, the steps; else
 * the smoothed training loss, or the value, after the same number of steps.
 *
 * Source: the protocol of modded-nanogpt, track 3 (2026).
 *
 * @returns undefined where the race has one seed alone
 */
export function seedComparison(
  run: RunStarted,
  results: readonly MethodResult[],
): SeedComparison | undefined {
  if (!run.methods.some(({ seed }) => seed !== undefined)) return undefined;
  const { target } = run;
  const by = comparedBy(run, results);
  const groups = new Map<string, MethodResult[]>();
  for (const result of results) {
    const { contestant = result.label } = result;
    groups.set(contestant, [...(groups.get(contestant) ?? []), result]);
  }
  const contestants = [...groups].map(([label, runs]) => contestantOf(label, runs, by, target));
  return { by, ...(target !== undefined && { target }), contestants, pairs: pairsOf(contestants, groups) };
}

function comparedBy(run: RunStarted, results: readonly MethodResult[]): Compared {
  if (run.target !== undefined) return 'stepsToTarget';
  if (results.every(({ x }) => x === undefined)) return 'trainLoss';
  return results.every(({ outcome }) => outcome.kind === 'converged') ? 'steps' : 'value';
}

function contestantOf(
  label: string,
  runs: readonly MethodResult[],
  by: Compared,
  target: number | undefined,
): Contestant {
  const values = runs.map((run) => run[by] ?? null);
  const all = (read: (run: MethodResult) => number | null | undefined): Spread | undefined => {
    const numbers = runs.map(read).filter((value) => typeof value === 'number');
    return numbers.length === runs.length ? spreadOf(numbers) : undefined;
  };
  const [spread, trainLoss, loss, accuracy] = [
    all((run) => run[by]),
    all((run) => run.trainLoss),
    all((run) => run.loss),
    all((run) => run.accuracy),
  ];
  return {
    label,
    seeds: runs.map(({ seed = 0 }) => seed),
    values,
    ...(spread && { spread }),
    ...(trainLoss && { trainLoss }),
    ...(loss && { loss }),
    ...(accuracy && { accuracy }),
    millisecondsPerStep: spreadOf(runs.map((run) => run.millisecondsPerStep)).mean,
    failed: runs.filter(({ outcome }) => !['budget', 'converged', 'stopped'].includes(outcome.kind)).length,
    ...(target !== undefined &&
      trainLoss && {
        meetsTarget:
          runs.length > 1 &&
          (target - trainLoss.mean) * Math.sqrt(runs.length) >= critical * trainLoss.deviation,
      }),
  };
}

function pairsOf(
  contestants: readonly Contestant[],
  groups: ReadonlyMap<string, readonly MethodResult[]>,
): Pair[] {
  // Those whose target was not met stand last, by all the steps that they took.
  const measured = contestants.map(({ label, values }) => ({
    label,
    met: values.every((value) => value !== null && Number.isFinite(value)),
    numbers: values.map((value, i) => value ?? groups.get(label)![i].steps),
  }));
  const order = measured
    .map((one) => ({ ...one, spread: spreadOf(one.numbers) }))
    .sort((one, other) => one.spread.mean - other.spread.mean);
  return order.flatMap((one, i) =>
    order.slice(i + 1).map((other): Pair => {
      const z = one.met ? zOf(one.numbers, other.numbers) : Number.NaN;
      return { faster: one.label, than: other.label, z, significant: z >= critical };
    }),
  );
}

/** NaN where there are too few numbers to know their variance, or one of them is none. */
function zOf(one: readonly number[], other: readonly number[]): number {
  const freedom = one.length + other.length - 2;
  if (freedom < 1) return Number.NaN;
  const [a, b] = [spreadOf(one), spreadOf(other)];
  const variance = ((one.length - 1) * a.deviation ** 2 + (other.length - 1) * b.deviation ** 2) / freedom;
  const gap = b.mean - a.mean;
  // Runs without any randomness: the least difference is one.
  if (variance === 0) return gap > 0 ? Infinity : 0;
  return gap / Math.sqrt(variance * (1 / one.length + 1 / other.length));
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
