import { option } from '../oracles/naive.js';
import { flat, shaped } from '../subjects/point.js';
import type { AverageSubject, ScheduleSubject } from '../subjects/subject.js';
import { type Mutant, naiveMutant, type Options } from './mutant.js';

const most = (options: Options) => option(options, 'most', 1);
const length = (values: readonly number[]) => Math.sqrt(values.reduce((total, v) => total + v * v, 0));

function clipMutant(
  id: string,
  mistake: string,
  method: 'clipByNorm' | 'clipByValue',
  clip: (u: readonly number[], c: number) => readonly number[],
  { leafwise = false } = {},
): Mutant {
  return naiveMutant(
    { id, mistake, killedBy: '59', method },
    (options) => ({ start: () => [], step: (_x, u) => ({ update: clip(u, most(options)), rows: [] }) }),
    { leafwise },
  );
}

function trustMutant(
  id: string,
  mistake: string,
  ratio: (x: readonly number[], u: readonly number[]) => number,
  { leafwise = true } = {},
): Mutant {
  return naiveMutant(
    { id, mistake, killedBy: '60', method: 'trustRatio' },
    (options) => ({
      start: () => [],
      step(x, u) {
        const factor = option(options, 'coefficient', 1) * ratio(x, u);
        return { update: u.map((ui) => ui * factor), rows: [] };
      },
    }),
    { leafwise },
  );
}

function averageMutant(
  id: string,
  mistake: string,
  next: (at: { average: number; x: number; beta: number; k: number; warmup: number }) => number,
  start: (x: number) => number = (x) => x,
): Mutant {
  const subject: AverageSubject = {
    kind: 'average',
    name: `mutant ${id}`,
    epsilon: 2 ** -52,
    claims: ['57'],
    create:
      ({ beta, warmup }) =>
      (points) => {
        let averages = [...flat(points[0])].map(start);
        return points.slice(1).map((point, k) => {
          const x = flat(point);
          averages = averages.map((average, i) => next({ average, x: x[i], beta, k, warmup }));
          return shaped(point, averages);
        });
      },
    scope: (body) => body(),
  };
  return { id, mistake, killedBy: '57', subject };
}

function scheduleMutant(
  id: string,
  mistake: string,
  at: (from: number, factor: number, count: number) => number,
): Mutant {
  const subject: ScheduleSubject = {
    kind: 'schedule',
    name: `mutant ${id}`,
    method: 'exponential',
    epsilon: 2 ** -52,
    claims: ['58'],
    create(options) {
      const { from, factor } = options as { from: number; factor: number };
      return (count) => at(from, factor, count);
    },
    scope: (body) => body(),
  };
  return { id, mistake, killedBy: '58', subject };
}

export const utilityMutants: readonly Mutant[] = [
  clipMutant('clip-per-leaf', 'Each leaf is clipped by its own norm.', 'clipByNorm', scaledDown, {
    leafwise: true,
  }),
  clipMutant('clip-always', 'Short updates are lengthened to the norm c.', 'clipByNorm', (u, c) => {
    const size = length(u);
    return size === 0 ? u : u.map((ui) => (ui * c) / size);
  }),
  clipMutant('clip-squared-norm', 'The squared norm is compared with c.', 'clipByNorm', (u, c) => {
    const square = length(u) ** 2;
    return square > c ? u.map((ui) => (ui * c) / square) : u;
  }),
  clipMutant('clip-one-sided', 'Only entries above c are clipped.', 'clipByValue', (u, c) =>
    u.map((ui) => Math.min(ui, c)),
  ),
  trustMutant('trust-inverted', 'The ratio is ‖u‖/‖w‖.', (x, u) => length(u) / length(x)),
  trustMutant('trust-unsafe', 'Weights or updates of 0 are divided by.', (x, u) => length(x) / length(u)),
  trustMutant(
    'trust-global',
    'One ratio for all leaves together.',
    (x, u) => (length(x) === 0 || length(u) === 0 ? 1 : length(x) / length(u)),
    { leafwise: false },
  ),
  averageMutant(
    'average-biased',
    'The average starts at 0 and is not corrected.',
    ({ average, x, beta, k, warmup }) => (k < warmup ? x : beta * average + (1 - beta) * x),
    () => 0,
  ),
  averageMutant(
    'average-swapped',
    'β weighs the new point and 1 − β the average.',
    ({ average, x, beta, k, warmup }) => (k < warmup ? x : (1 - beta) * average + beta * x),
  ),
  averageMutant(
    'average-warmup-short',
    'The warm-up ends one update early.',
    ({ average, x, beta, k, warmup }) => (k < warmup - 1 ? x : beta * average + (1 - beta) * x),
  ),
  scheduleMutant(
    'schedule-starts-late',
    'The count starts at 1.',
    (from, factor, count) => from * factor ** (count + 1),
  ),
  scheduleMutant('schedule-linear', 'The factor is taken off, not multiplied.', (from, factor, count) =>
    Math.max(0, from * (1 - (1 - factor) * count)),
  ),
];

function scaledDown(u: readonly number[], c: number): readonly number[] {
  const size = length(u);
  return size > c ? u.map((ui) => (ui * c) / size) : u;
}
