import type { Controlled, LandscapeSampled, RunEnded, RunEvent, RunStarted } from '../../../record/events.js';
import { seriesOf } from '../../../record/measures.js';
import type { StepColumns } from '../../../record/step-columns.js';
import type { Curve } from './curve.js';
import { MethodRecord } from './method-record.js';

/** A run as the page knows it: filled by events in the order of the log, live or replayed. */
export class RunRecord {
  started: RunStarted | undefined;
  methods: MethodRecord[] = [];
  lastControl: Controlled | undefined;
  ended: RunEnded | undefined;
  landscape: LandscapeSampled | undefined;
  /** The latest moment any event told of, in seconds since the start. */
  seconds = 0;

  /** Takes in one event that is not a step; kinds and methods it does not know are passed over. */
  apply(event: RunEvent): void {
    if (event.kind === 'run') {
      this.#start(event);
      return;
    }
    if ('seconds' in event) this.seconds = Math.max(this.seconds, event.seconds);
    if (event.kind === 'control') this.lastControl = event;
    else if (event.kind === 'result') this.#end(event);
    else if (event.kind === 'landscape') this.landscape = event;
    else this.#applyToMethod(event);
  }

  /** Paused by the last control event, as far as the log tells. */
  get paused(): boolean {
    return (
      this.ended === undefined &&
      (this.lastControl?.action === 'pause' || this.lastControl?.action === 'step')
    );
  }

  /** Steps taken by all methods together, and the most they may take. */
  get progress(): { readonly taken: number; readonly total: number } {
    const total = (this.started?.steps ?? 0) * this.methods.length;
    const taken = this.methods.reduce((sum, method) => sum + stepsTaken(method, this.ended), 0);
    return { taken, total };
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

  /** Takes in steps in the order of the log. */
  takeSteps(columns: StepColumns): void {
    for (let index = 0; index < columns.method.length; index++) {
      this.methods[columns.method[index]!]?.step(columns, index);
      this.seconds = Math.max(this.seconds, columns.seconds[index]!);
    }
  }

  /** Forgets all: the log is read from its beginning. */
  clear(): void {
    this.started = undefined;
    this.#restart([]);
  }

  #start(event: RunStarted): void {
    const resumed = this.started?.run === event.run;
    this.started = event;
    if (resumed) this.ended = undefined;
    else this.#restart(event.methods);
  }

  #restart(methods: RunStarted['methods']): void {
    this.ended = undefined;
    this.lastControl = undefined;
    this.landscape = undefined;
    this.seconds = 0;
    this.methods = methods.map((description) => new MethodRecord(description));
  }

  #end(event: RunEnded): void {
    this.ended = event;
    event.methods.forEach((result, index) => {
      const method = this.methods[index];
      if (method) method.outcome ??= result.outcome;
    });
  }

  #applyToMethod(event: Exclude<RunEvent, { kind: 'run' | 'control' | 'result' | 'landscape' }>): void {
    const method = this.methods[event.method];
    if (!method) return;
    if (event.kind === 'evaluation') method.evaluation(event);
    else if (event.kind === 'point') method.points.push(event);
    else if (event.kind === 'list') method.list(event);
    else if (event.kind === 'operators') method.operators = event;
    else if (event.kind === 'checkpoint') method.checkpoint = event;
    else if (event.kind === 'outcome') method.outcome = event.outcome;
  }
}

/** A method that has ended tells by itself. */
function stepsTaken({ description, taken }: MethodRecord, ended: RunEnded | undefined): number {
  return ended?.methods.find(({ label }) => label === description.label)?.steps ?? taken;
}
