import { type Observable, pipe, tap } from 'rxjs';
import { type Outcome, spent } from '../../../src/objective/outcome.js';
import { averages, isChain, isRefreshed, type Transform } from '../../../src/transforms/index.js';
import { gradient, lifted, linalgThread, train } from '../../../streams/index.js';
import { MethodRecorder } from '../../record/recording/method-recorder.js';
import type { Recorder } from '../../record/recording/recorder.js';
import { AdjustableMethod } from './adjustable-method.js';
import { looking } from './looks.js';
import type { RunningRace } from './running-race.js';
import type { ModelSetting } from './setting.js';
import { trains } from './trains.js';

/**
 * The training runs of some methods of a race, one a method that has not ended; each begins at its newest checkpoint.
 *
 * @throws StageError, through the streams, where the problem or an operator throws
 */
export function trainings(
  race: RunningRace,
  setting: ModelSetting,
  among: readonly number[],
): Observable<unknown>[] {
  const { contestants, recorder, checkpoints, store, control, acting, environment } = race;
  const { steps, looks = [] } = recorder.run;
  return among.flatMap((i) => {
    const { method: asItWas, label, asked, seed = recorder.run.seed } = contestants[i];
    if (recorder.state.methods[i].hasEnded || !trains(asItWas)) return [];
    const adjusting =
      asked === undefined
        ? undefined
        : new AdjustableMethod(asItWas, asked, (changed) => looking(changed, looks, setting));
    const method = adjusting?.method ?? asItWas;
    const past = [...recorder.state.methods[i].adjustments];
    /** A run that goes on comes past the steps at which options were changed before. */
    const adjustUpTo = (taken: number) => {
      while (past.length > 0 && past[0].step <= taken) adjusting?.adjust(past.shift()!);
    };
    adjustUpTo(checkpoints[i]?.step ?? 0);
    if (adjusting !== undefined) acting?.offer(i, adjusting);
    const record = new MethodRecorder(recorder, store, {
      ...setting,
      method: i,
      label,
      averaged: averages(method),
      checkpointsAsked: () => acting?.checkpoints ?? 0,
    });
    const parts: readonly Transform[] = isChain(method) ? method.parts : [method];
    const pipeline = lifted(method, parts.some(isRefreshed) ? { thread: linalgThread } : {});
    const run = train(setting.problem, setting.source(seed, method.name), pipe(gradient(), pipeline), {
      seed,
      steps,
      control,
      checkpoint: checkpoints[i],
      ...(environment && { environment }),
    });
    return [
      run.pipe(
        tap((frame) => {
          record.take(frame);
          adjustUpTo(frame.step + 1);
          const limit = reached(recorder, i, frame.evaluations);
          if (frame.outcome === undefined && limit !== undefined) frame.end(limit);
        }),
      ),
    ];
  });
}

/** Which limit of the run a method has come to, beside that of steps. */
function reached({ run, state }: Recorder, method: number, evaluations: number): Outcome | undefined {
  const { maxEvaluations = Number.POSITIVE_INFINITY, maxSeconds = Number.POSITIVE_INFINITY } = run;
  if (evaluations >= maxEvaluations) return spent('evaluations', maxEvaluations);
  // The methods share a thread: each has the seconds of its own steps.
  if (state.methods[method].milliseconds >= 1_000 * maxSeconds) return spent('seconds', maxSeconds);
  return undefined;
}
