import { critical, type Pair, type SeedComparison, type Spread } from '../../record/seed-comparison.js';
import { figure, percent } from './figures.js';
import { table } from './table.js';

const names = {
  stepsToTarget: 'steps to the target',
  steps: 'steps',
  trainLoss: 'smoothed train loss',
  value: 'value',
} as const;

/** The closing table of a race over several seeds: a row a method, then which is significantly faster than which. */
export function seedsTable({ by, target, contestants, pairs }: SeedComparison): string {
  const trained = contestants.some(({ trainLoss }) => trainLoss !== undefined);
  const classified = contestants.some(({ accuracy }) => accuracy !== undefined);
  const aimed = trained && target !== undefined;
  const head = [
    'method',
    'seeds',
    ...(by === 'trainLoss' ? [] : [names[by]]),
    ...(trained ? ['smoothed train loss', 'test loss'] : []),
    ...(classified ? ['test accuracy'] : []),
    'ms/step',
    ...(aimed ? ['meets it'] : []),
    'failed',
  ];
  const rows = contestants.map((one) => {
    const met = one.values.filter((value) => value !== null).length;
    return [
      one.label,
      String(one.seeds.length),
      ...(by === 'trainLoss' ? [] : [one.spread ? band(one.spread) : `${met} of ${one.seeds.length}`]),
      ...(trained ? [band(one.trainLoss), band(one.loss)] : []),
      ...(classified ? [band(one.accuracy, percent)] : []),
      figure(one.millisecondsPerStep),
      ...(aimed ? [one.meetsTarget === true ? 'yes' : 'no'] : []),
      String(one.failed),
    ];
  });
  const compared = target === undefined ? names[by] : `${names[by]} ${figure(target)}`;
  return [
    table([head, ...rows]),
    '',
    `Significantly faster (${compared}; z ≥ ${critical})?`,
    table(pairs.map(answer), [0, 1, 2, 3, 4]),
  ].join('\n');
}

function answer({ faster, than, z, significant }: Pair): string[] {
  return [`  ${faster}`, 'than', than, significant ? 'yes' : 'no', `z = ${figure(z)}`];
}

function band(spread: Spread | undefined, shown: (value: number) => string = figure): string {
  return spread === undefined ? '–' : `${shown(spread.mean)} ± ${shown(spread.deviation)}`;
}
