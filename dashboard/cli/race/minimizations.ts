import { type Observable, tap } from 'rxjs';
import { Random } from '../../../src/index.js';
import { iterate, realEnvironment } from '../../../streams/index.js';
import { solverFor } from '../arguments/solver-for.js';
import { MeasuredSteps } from './measured-steps.js';
import { MinimizationRecorder } from './minimization-recorder.js';
import { RecordedLandscape } from './recorded-landscape.js';
import type { RunningRace } from './running-race.js';
import type { FunctionSetting } from './setting.js';

/**
 * The minimizations of some methods of a race, one a method that has not ended.
 *
 * Each is determined by function, method and start: one that goes on runs from the start again, and records from
 * where its record ends.
 *
 * @throws ObjectiveError, through the streams, where the function throws; Misuse where it is not the recorded one
 */
export function minimizations(
  race: RunningRace,
  setting: FunctionSetting,
  among: readonly number[],
): Observable<unknown>[] {
  const { contestants, recorder, store, control, environment } = race;
  const { steps: maxIterations, gradientTolerance = 0, maxEvaluations, maxSeconds } = recorder.run;
  const { definition } = setting;
  const landscape = definition.start.length <= 2 ? new RecordedLandscape(recorder, definition) : undefined;
  return among.flatMap((i) => {
    const { method, label, seed } = contestants[i];
    if (recorder.state.methods[i].hasEnded) return [];
    const steps = new MeasuredSteps(() => (environment ?? realEnvironment).now());
    const record = new MinimizationRecorder(recorder, store, { method: i, label, landscape, steps });
    const { observer } = record;
    const start = seed === undefined ? definition.start : displacedStart(definition.start, seed);
    const problem = steps.problem(definition);
    const run = iterate(problem, start, steps.solver(solverFor(steps.method(method), problem)), {
      gradientTolerance,
      maxIterations,
      control,
      ...(environment && { environment }),
      ...(maxEvaluations !== undefined && { maxEvaluations }),
      // The methods share a thread: each has the seconds of its own steps.
      ...(maxSeconds !== undefined && {
        maxSeconds,
        clock: () => recorder.state.methods[i].milliseconds / 1_000,
      }),
      ...(observer && { observer }),
    });
    return [run.pipe(tap((frame) => record.take(frame)))];
  });
}

/** A start of another seed: each entry moved by a normal number times a tenth of its size, or of 1 where that is more. */
function displacedStart(start: ArrayLike<number>, seed: number): Float64Array {
  const random = new Random(seed).fork('start');
  return Float64Array.from(start, (x) => x + 0.1 * Math.max(1, Math.abs(x)) * random.normal());
}
