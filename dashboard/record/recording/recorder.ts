import type { Readings } from '../../../src/index.js';
import { type Environment, realEnvironment } from '../../../streams/index.js';
import type { RunEvent, RunStarted, StepTaken } from '../events.js';
import type { RunLog } from '../log/index.js';
import { RunState } from '../run-state.js';
import { stepMeasures } from './step-measures.js';

/** Writes the events of a run into its log, if it has one, tells them on, and keeps the state that follows from them. */
export class Recorder {
  readonly state: RunState;
  readonly #started: number;
  readonly #before: number;
  readonly #listeners = new Set<(event: RunEvent) => void>();
  #left = false;

  constructor(
    readonly log: RunLog | undefined,
    readonly run: RunStarted,
    past?: RunState,
    readonly environment: Environment = realEnvironment,
  ) {
    this.#started = environment.now();
    this.state = past ?? RunState.of(run);
    this.#before = this.state.seconds;
    if (past !== undefined && past.ended === undefined && past.run.steps === run.steps) return;
    this.append(run); // one that had ended goes on: who follows the log is told
    log?.sync();
  }

  /** Since the run began, times when it was not running left out. */
  get seconds(): number {
    return this.#before + (this.environment.now() - this.#started) / 1_000;
  }

  append(event: RunEvent): void {
    if (this.#left) return;
    this.log?.append(event);
    this.state.take(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls `listener` with every event from now on; returns how to stop that. */
  watch(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Has the log reach the disk, as far as it goes; false where it cannot. */
  sync(): boolean {
    return this.#left ? false : (this.log?.sync() ?? true);
  }

  /** Records a step, with what its method measured of its own. */
  appendStep(step: Omit<StepTaken, 'kind' | 'seconds' | 'measures'>, readings: Readings): void {
    const { method } = step;
    const { seconds } = this;
    const { numbers, lists } = stepMeasures(readings, this.run.methods[method].measures);
    this.append({ kind: 'step', seconds, ...step, ...numbers });
    for (const list of lists) this.append({ kind: 'list', method, step: step.step, seconds, ...list });
  }

  /** Records how all ended, and closes the log. */
  close(): void {
    this.append({ kind: 'result', seconds: this.seconds, methods: this.state.results() });
    this.leave();
  }

  /** Closes the log where it ends: what comes after is not recorded. */
  leave(): void {
    this.#left = true;
    this.log?.close();
  }
}
