import type { Readings } from '../../../src/index.js';
import { type Environment, realEnvironment } from '../../../streams/index.js';
import type { RunEvent, RunStarted, StepTaken } from '../events.js';
import type { RunLog } from '../log/index.js';
import { RunState } from '../run-state.js';
import { stepMeasures } from './step-measures.js';

/** Writes the events of a run into its log, and keeps the state that follows from them. */
export class Recorder {
  readonly state: RunState;
  readonly #started: number;
  readonly #before: number;

  constructor(
    readonly log: RunLog,
    readonly run: RunStarted,
    past?: RunState,
    readonly environment: Environment = realEnvironment,
  ) {
    this.#started = environment.now();
    this.state = past ?? RunState.of(run);
    this.#before = this.state.seconds;
    if (past !== undefined && past.ended === undefined && past.run.steps === run.steps) return;
    this.append(run); // one that had ended goes on: who follows the log is told
    log.sync();
  }

  /** Since the run began, times when it was not running left out. */
  get seconds(): number {
    return this.#before + (this.environment.now() - this.#started) / 1_000;
  }

  append(event: RunEvent): void {
    this.log.append(event);
    this.state.take(event);
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
    this.log.close();
  }
}
