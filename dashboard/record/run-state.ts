import type {
  Controlled,
  LandscapeSampled,
  MethodDescription,
  MethodResult,
  RunEnded,
  RunEvent,
  RunStarted,
} from './events.js';
import { MethodState } from './method-state.js';
import { type SeedComparison, seedComparison } from './seed-comparison.js';

/**
 * A run as a fold over its events, live or replayed: the terminal, the closing table, a resumed race and the page know
 * of it what the log says, and nothing else. Kinds and methods that are not known are passed over.
 *
 * @typeParam M what is known of a method; the page keeps columns beside the state
 */
export class RunState<M extends MethodState = MethodState> {
  readonly methods: readonly M[];
  /** The `seconds` of the latest event. */
  seconds = 0;
  lastControl: Controlled | undefined;
  landscape: LandscapeSampled | undefined;
  ended: RunEnded | undefined;
  #run: RunStarted;

  constructor(run: RunStarted, begin: (description: MethodDescription, run: RunStarted) => M) {
    this.#run = run;
    this.methods = run.methods.map((description) => begin(description, run));
  }

  /** A run of which no more is kept than a terminal shows. */
  static of(run: RunStarted): RunState {
    return new RunState(run, (description) => new MethodState(description, run));
  }

  get run(): RunStarted {
    return this.#run;
  }

  take(event: RunEvent): void {
    if ('seconds' in event) this.seconds = Math.max(this.seconds, event.seconds);
    if ('method' in event) this.methods[event.method]?.take(event);
    else if (event.kind === 'control' && event.action !== 'checkpoint') this.lastControl = event;
    else if (event.kind === 'landscape') this.landscape = event;
    else if (event.kind === 'result') this.#end(event);
    else if (event.kind === 'run') {
      this.#run = event;
      this.ended = undefined; // a resumed run goes on
      this.lastControl = undefined;
      for (const method of this.methods) method.goOn(event);
    }
  }

  /** Paused by the last control event. */
  get paused(): boolean {
    const action = this.lastControl?.action;
    return this.ended === undefined && (action === 'pause' || action === 'step');
  }

  /** Steps taken by all methods together, and the most they may take. */
  get progress(): { readonly taken: number; readonly total: number } {
    const total = this.#run.steps * this.methods.length;
    return { taken: this.methods.reduce((sum, { taken }) => sum + taken, 0), total };
  }

  results(): MethodResult[] {
    return this.methods.map((method) => method.result());
  }

  /** Of a race over several seeds. */
  comparison(): SeedComparison | undefined {
    return seedComparison(this.#run, this.results());
  }

  #end(event: RunEnded): void {
    this.ended = event;
    event.methods.forEach(({ outcome, steps }, index) => {
      const method = this.methods[index];
      if (method === undefined) return;
      method.outcome ??= outcome;
      method.taken = steps;
    });
  }
}
