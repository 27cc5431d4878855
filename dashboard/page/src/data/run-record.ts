import type {
  LandscapeSampled,
  MethodDescription,
  RunEnded,
  RunEvent,
  RunStarted,
} from '../../../record/events.js';
import { seriesOf } from '../../../record/measures.js';
import { RunState } from '../../../record/run-state.js';
import type { SeedComparison } from '../../../record/seed-comparison.js';
import type { StepColumns } from '../../../record/step-columns.js';
import type { Curve } from './curve.js';
import { MethodRecord } from './method-record.js';

const none: readonly MethodRecord[] = [];

/** The run that the page shows, once it is known which: filled in the order of the log, live or replayed. */
export class RunRecord {
  #state: RunState<MethodRecord> | undefined;
  /** Runs that are compared with this one: their methods stand behind its own. */
  #others: readonly RunRecord[] = [];
  #all: { readonly parts: readonly (readonly MethodRecord[])[]; readonly methods: readonly MethodRecord[] } =
    {
      parts: [],
      methods: none,
    };

  /** The seconds at which the run was paused. */
  readonly pauses: number[] = [];

  /** @param name what its methods are called by where it is compared with another run */
  constructor(readonly name?: string) {}

  /** Has the methods of another run drawn with this one's. */
  compareWith(other: RunRecord): void {
    this.#others = [...this.#others, other];
  }

  /** Takes in one event that is not a step. */
  apply(event: RunEvent): void {
    if (event.kind === 'run' && event.run !== this.#state?.run.run) {
      this.#state = new RunState(
        event,
        (description, run) => new MethodRecord(named(description, this.name), run),
      );
      this.pauses.length = 0;
    } else this.#state?.take(event);
    if (event.kind === 'run' || event.kind === 'landscape') {
      for (const method of this.#state?.methods ?? none) method.minimum = this.#minimum;
    }
    if (event.kind === 'control' && ['pause', 'step', 'stop'].includes(event.action))
      this.pauses.push(event.seconds);
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

  /** Its methods, and behind them those of the runs that it is compared with. */
  get methods(): readonly MethodRecord[] {
    const own = this.#state?.methods ?? none;
    if (this.#others.length === 0) return own;
    const parts = [own, ...this.#others.map(({ methods }) => methods)];
    if (parts.some((part, i) => part !== this.#all.parts[i])) this.#all = { parts, methods: parts.flat() };
    return this.#all.methods;
  }

  /** The run that a method is of, and what it is called by where it is compared. */
  sourceOf(method: number): { readonly run: RunStarted | undefined; readonly name: string | undefined } {
    let rest = method;
    for (const one of [this, ...this.#others]) {
      if (rest < one.ownMethods) return { run: one.started, name: one.name };
      rest -= one.ownMethods;
    }
    return { run: undefined, name: undefined };
  }

  /** It, and the runs that it is compared with, of which something is known. */
  get runs(): readonly { readonly name: string | undefined; readonly run: RunStarted }[] {
    return [this, ...this.#others].flatMap(({ name, started }) =>
      started === undefined ? [] : [{ name, run: started }],
    );
  }

  /** How many of the methods are its own. */
  get ownMethods(): number {
    return this.#state?.methods.length ?? 0;
  }

  /** Of what every step measures, what the steps of this run do not. */
  get leftOut(): readonly string[] {
    return this.#state?.run.leftOut ?? [];
  }

  get ended(): RunEnded | undefined {
    return this.#state?.ended;
  }

  /** Of a race over several seeds that has ended. */
  get comparison(): SeedComparison | undefined {
    return this.ended && this.#state?.comparison();
  }

  get landscape(): LandscapeSampled | undefined {
    return this.#state?.landscape;
  }

  /** The least value known of the function that is minimized. */
  get #minimum(): number | undefined {
    if (this.started?.minimum !== undefined) return this.started.minimum;
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

  /** Whether a function is minimized: there is no data that it is tested on. */
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

function named(description: MethodDescription, run: string | undefined): MethodDescription {
  return run === undefined ? description : { ...description, label: `${run}: ${description.label}` };
}
