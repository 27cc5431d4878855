import type { RunEvent, RunStarted } from '../../record/events.js';
import type { RunLog } from '../../record/log/index.js';
import { RaceSummary } from './summary.js';

/** Writes the events of a run into its log, and keeps the summary that follows from them. */
export class Recorder {
  readonly summary: RaceSummary;
  readonly #started = performance.now();
  readonly #before: number;

  constructor(
    readonly log: RunLog,
    readonly run: RunStarted,
    past?: RaceSummary,
  ) {
    this.summary = past ?? new RaceSummary(run);
    this.#before = this.summary.seconds;
    if (past === undefined) log.append(run);
  }

  /** Since the run began, times when it was not running left out. */
  get seconds(): number {
    return this.#before + (performance.now() - this.#started) / 1_000;
  }

  append(event: RunEvent): void {
    this.log.append(event);
    this.summary.take(event);
  }

  /** Records how all ended, and closes the log. */
  close(): void {
    this.append({ kind: 'result', seconds: this.seconds, methods: this.summary.results() });
    this.log.close();
  }
}
