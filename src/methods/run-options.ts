import { shown } from '../algebra/argument.js';
import { number, type OptionsOf, whole } from '../algebra/option.js';

/** What every run may be told. */
export interface RunOptions<S> {
  /** The most iterations. */
  maxIterations?: number;
  /** The most evaluations of the function or the residuals, counted after each iteration; differences count. */
  maxEvaluations?: number;
  /** The most seconds, looked at after each iteration. Without it no clock is read, and a run repeats bit for bit. */
  maxSeconds?: number;
  /** Converged when an iteration changes the value by at most this fraction of it; 0 never. */
  valueTolerance?: number;
  /** Converged when an iteration changes no variable by more than this fraction of the largest |xᵢ|; 0 never. */
  stepTolerance?: number;
  /** What tells the time, in seconds from any moment. */
  clock?(): number;
  /** Ends the run with outcome 'stopped' after the iteration under way. */
  signal?: AbortSignal;
  /** Called at the start and after each iteration. */
  onStep?(step: S): void;
}

type Limit = 'maxIterations' | 'maxEvaluations' | 'maxSeconds' | 'valueTolerance' | 'stepTolerance';

/** The limits of runs of both kinds. */
export const runLimits: OptionsOf<Pick<RunOptions<unknown>, Limit>> = {
  maxIterations: whole(1000, '[0, ∞)', 'the most iterations'),
  maxEvaluations: number(
    Number.POSITIVE_INFINITY,
    '(0, ∞]',
    'the most evaluations, counted after each iteration; differences count',
  ),
  maxSeconds: number(Number.POSITIVE_INFINITY, '(0, ∞]', 'the most seconds, looked at after each iteration'),
  valueTolerance: number(
    0,
    '[0, ∞)',
    'converged when an iteration changes the value by at most this fraction of it; 0 never',
  ),
  stepTolerance: number(
    0,
    '[0, ∞)',
    'converged when an iteration changes no variable by more than this fraction of the largest |xᵢ|; 0 never',
  ),
};

/** Names of the options that runs of both kinds take besides their limits. */
export const runSeams = ['signal', 'onStep', 'clock'] as const;

/** What a run is told once its limits are known. */
export type RunRules<S> = Pick<RunOptions<S>, (typeof runSeams)[number]> &
  Required<Pick<RunOptions<S>, Limit>>;

/** @throws TypeError unless `onStep` and `clock` are functions and `signal` an AbortSignal, where they are given */
export function checkCallbacks(
  where: string,
  { signal, onStep, clock }: { signal?: unknown; onStep?: unknown; clock?: unknown },
): void {
  checkCallback(where, 'onStep', onStep);
  checkCallback(where, 'clock', clock);
  if (signal !== undefined && typeof (signal as { aborted?: unknown } | null)?.aborted !== 'boolean') {
    throw new TypeError(`${where}(signal): expected an AbortSignal, got ${shown(signal)}`);
  }
}

function checkCallback(where: string, name: string, given: unknown): void {
  if (given === undefined || typeof given === 'function') return;
  throw new TypeError(`${where}(${name}): expected a function, got ${shown(given)}`);
}
