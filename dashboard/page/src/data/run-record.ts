import type { LandscapeSampled, RunEnded, RunEvent, RunStarted } from '../../../record/events.js';
import { seriesOf } from '../../../record/measures.js';
import { RunState } from '../../../record/run-state.js';
import type { StepColumns } from '../../../record/step-columns.js';
import type { Curve } from './curve.js';
import { MethodRecord } from './method-record.js';

const none: readonly MethodRecord[] = [];

/** The run that the page shows, once it is known which: filled in the order of the log, live or replayed. */
export class RunRecord {
  #state: RunState<MethodRecord> | undefined;
  /** The seconds at which the run was paused. */
  readonly pauses: number[] = [];

  /** Takes in one event that is not a step. */
  apply(event: RunEvent): void {
    if (event.kind === 'run' && event.run !== this.#state?.run.run) {
      this.#state = new RunState(event, (description, run) => new MethodRecord(description, run));
      this.pauses.length = 0;
    } else this.#state?.take(event);
    if (event.kind === 'control' && event.action !== 'resume') this.pauses.push(event.seconds);
  }

  /** Takes in steps in the order of the log. */
  takeSteps(columns: StepColumns): void {
    const state = this.#state;
    if (state === undefined) return;
    for (let index = 0; index < columns.method.length; index++) {
      state.methods[columns.method[index]!]?.step(columns, index);
      state.seconds = Math.max(state.seconds, columns.seconds[index]!);
    }
  }

  /** Forgets all: the log is read from its beginning. */
  clear(): void {
    this.#state = undefined;
    this.pauses.length = 0;
  }

  get started(): RunStarted | undefined {
    return this.#state?.run;
  }

  get methods(): readonly MethodRecord[] {
    return this.#state?.methods ?? none;
  }

  get ended(): RunEnded | undefined {
    return this.#state?.ended;
  }

  get landscape(): LandscapeSampled | undefined {
    return this.#state?.landscape;
  }

  /** The least value known of the function that is minimized. */
  get minimum(): number | undefined {
    const values = this.landscape?.minima.map(({ value }) => value).filter(Number.isFinite) ?? [];
    return values.length === 0 ? undefined : Math.min(...values);
  }

  get lastControl() {
    return this.#state?.lastControl;
  }

  get paused(): boolean {
    return this.#state?.paused ?? false;
  }

  get seconds(): number {
    return this.#state?.seconds ?? 0;
  }

  get progress(): { readonly taken: number; readonly total: number } {
    return this.#state?.progress ?? { taken: 0, total: 0 };
  }

  /** Whether a function is minimized: no data it is tested on, and operators that are not measured one by one. */
  get ofFunction(): boolean {
    return this.started?.gradientTolerance !== undefined;
  }

  /** Whether any method has a value of the curve that `of` picks. */
  has(of: (method: MethodRecord) => Curve | undefined): boolean {
    return this.methods.some((method) => (of(method)?.raw.length ?? 0) > 0);
  }

  /** The names of all that is summed up of a method. */
  series(method: number): string[] {
    return seriesOf(this.methods[method]?.description);
  }
}
