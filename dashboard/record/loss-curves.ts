import type { RunEvent, RunStarted } from './events.js';
import { usualSmoothing } from './method-state.js';

/** The training loss of one method, step by step. */
export interface LossCurve {
  /** The debiased exponential average of the losses up to each step; NaN or ±∞ where a loss was that. */
  readonly losses: readonly number[];
  /** What all steps up to each one took. */
  readonly seconds: readonly number[];
}

/** The curves of all methods of a run, averaged over about as many steps as the run says. */
export function lossCurves(run: RunStarted, events: Iterable<RunEvent>): LossCurve[] {
  const kept = 1 - 1 / (run.smoothing ?? usualSmoothing);
  const curves = run.methods.map(() => ({
    losses: [] as number[],
    seconds: [] as number[],
    sum: 0,
    weight: 0,
    spent: 0,
  }));
  for (const event of events) {
    if (event.kind !== 'step') continue;
    const curve = curves[event.method];
    if (curve === undefined || event.step < curve.losses.length) continue;
    curve.spent += event.milliseconds / 1_000;
    curve.seconds.push(curve.spent);
    if (!Number.isFinite(event.loss)) {
      curve.losses.push(event.loss);
      continue;
    }
    curve.sum = kept * curve.sum + (1 - kept) * event.loss;
    curve.weight = kept * curve.weight + (1 - kept);
    curve.losses.push(curve.sum / curve.weight);
  }
  return curves.map(({ losses, seconds }) => ({ losses, seconds }));
}
