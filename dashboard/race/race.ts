import { lastValueFrom, merge, pipe, tap } from 'rxjs';
import type { Checkpoint, Control } from '../../streams/index.js';
import { gradient, lifted, train } from '../../streams/index.js';
import type { Contestant } from '../commands/chosen-methods.js';
import type { MethodDescription, RunStarted } from '../events.js';
import type { CheckpointStore } from './checkpoint-store.js';
import { MethodRecorder } from './method-recorder.js';
import type { Recorder } from './recorder.js';
import type { Setting } from './setting.js';

export interface Race {
  readonly setting: Setting;
  readonly contestants: readonly Contestant[];
  readonly recorder: Recorder;
  /** Where each method goes on; from the start where there is none. */
  readonly checkpoints: readonly (Checkpoint | undefined)[];
  readonly store: CheckpointStore;
  readonly control: Control;
  /** Called after every step of every method. */
  onStep(): void;
}

/**
 * Runs all methods side by side on one thread, each its own stream, from the same start on the same batches.
 * Those that the record says have ended stay ended; the others begin at their newest checkpoint.
 *
 * @throws StageError where the problem or an operator throws; all methods stop then
 */
export async function runRace(race: Race): Promise<void> {
  const { setting, contestants, recorder, checkpoints, store, control, onStep } = race;
  const { seed, steps } = recorder.run;
  const runs = contestants.flatMap(({ method, label }, i) => {
    const { outcome } = recorder.summary.methods[i];
    if (outcome !== undefined && outcome.kind !== 'stopped') return [];
    const record = new MethodRecorder(recorder, store, { ...setting, method: i, label });
    const run = train(setting.problem, setting.source(seed), pipe(gradient(), lifted(method)), {
      seed,
      steps,
      control,
      checkpoint: checkpoints[i],
    });
    return [
      run.pipe(
        tap((frame) => {
          record.take(frame);
          onStep();
        }),
      ),
    ];
  });
  await lastValueFrom(merge(...runs), { defaultValue: undefined });
}

/** What the first event of the log says about each method. */
export function describeMethods(contestants: readonly Contestant[]): MethodDescription[] {
  return contestants.map(({ method: { name, options, parts }, label, asked }) => ({
    name,
    label,
    asked,
    options,
    operators: [
      { name: 'gradient', options: {} },
      ...parts.map((part) => ({ name: part.name, options: part.options })),
    ],
  }));
}

export function describeRun(
  run: string,
  setting: Setting,
  contestants: readonly Contestant[],
  { seed, steps, created }: { seed: number; steps: number; created: Date },
): RunStarted {
  const { name: problem, asked, batch, backend } = setting;
  return {
    kind: 'run',
    run,
    problem,
    asked,
    created: created.toISOString(),
    seed,
    steps,
    ...(batch !== undefined && { batch }),
    ...(backend !== undefined && { backend }),
    methods: describeMethods(contestants),
  };
}
