import type { Pair, SeedComparison, Spread } from './seed-comparison.js';

const names = {
  stepsToTarget: 'steps to the target',
  steps: 'steps',
  trainLoss: 'smoothed train loss',
  value: 'value',
} as const;

/** How numbers are written where the verdicts are shown. */
interface Written {
  readonly number: (value: number) => string;
  readonly percent: (fraction: number) => string;
}

export interface SeedVerdicts {
  readonly head: readonly string[];
  /** One a method. */
  readonly rows: readonly (readonly string[])[];
  /** What is compared. */
  readonly by: string;
  readonly pairs: readonly Verdict[];
}

interface Verdict extends Pick<Pair, 'faster' | 'than'> {
  readonly answer: 'yes' | 'no';
  readonly z: string;
}

/** The closing table of a race over several seeds, in words: a row a method, then which is significantly faster than which. */
export function seedVerdicts(
  { by, target, contestants, pairs }: SeedComparison,
  { number, percent }: Written,
): SeedVerdicts {
  const trained = contestants.some(({ trainLoss }) => trainLoss !== undefined);
  const classified = contestants.some(({ accuracy }) => accuracy !== undefined);
  const aimed = trained && target !== undefined;
  const band = (spread: Spread | undefined, shown = number) =>
    spread === undefined ? '–' : `${shown(spread.mean)} ± ${shown(spread.deviation)}`;
  return {
    head: [
      'method',
      'seeds',
      ...(by === 'trainLoss' ? [] : [names[by]]),
      ...(trained ? ['smoothed train loss', 'test loss'] : []),
      ...(classified ? ['test accuracy'] : []),
      'ms/step',
      ...(aimed ? ['meets it'] : []),
      'failed',
    ],
    rows: contestants.map((one) => {
      const met = one.values.filter((value) => value !== null).length;
      return [
        one.label,
        String(one.seeds.length),
        ...(by === 'trainLoss' ? [] : [one.spread ? band(one.spread) : `${met} of ${one.seeds.length}`]),
        ...(trained ? [band(one.trainLoss), band(one.loss)] : []),
        ...(classified ? [band(one.accuracy, percent)] : []),
        number(one.millisecondsPerStep),
        ...(aimed ? [one.meetsTarget === true ? 'yes' : 'no'] : []),
        String(one.failed),
      ];
    }),
    by: target === undefined ? names[by] : `${names[by]} ${number(target)}`,
    pairs: pairs.map(({ faster, than, z, significant }) => ({
      faster,
      than,
      answer: significant ? 'yes' : 'no',
      z: number(z),
    })),
  };
}
