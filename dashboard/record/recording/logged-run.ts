import { basename } from 'node:path';
import type { Options, Outcome } from '../../../src/index.js';
import { realEnvironment } from '../../../streams/index.js';
import type { RunEvent, RunStarted, StepTaken } from '../events.js';
import { RunLog } from '../log/index.js';
import { type EveryStep, everyStep } from '../measures.js';
import { Recorder } from './recorder.js';
import { makeRunDirectory } from './run-directory.js';

/** The numbers of one step, by name; what a run's first numbers name, its later ones may leave out. */
export type LoggedNumbers = Readonly<Record<string, number>>;

export interface LoggedRunOptions {
  /** The folder of the record, new or empty; default `runs/<time>-<name>`. */
  readonly directory?: string;
  /** What it was asked for: shown and compared in lists of runs. */
  readonly options?: Options;
  readonly seed?: number;
  /** The most steps it will take, where that is known. */
  readonly steps?: number;
  /** How many examples a step sees. */
  readonly batch?: number;
  /** The names of numbers that the first step does not have yet. */
  readonly names?: readonly string[];
}

/** The names that make an evaluation on data not trained on. */
const evaluated = ['testLoss', 'accuracy', 'squaredError'] as const;
/** The names that say where a step is. */
const places = ['step', 'seconds'] as const;
const known = new Set<string>([...evaluated, ...places, ...everyStep.map(({ name }) => name)]);

/**
 * A record of a loop that is not ours: its numbers, for the dashboard, lists of runs and exports.
 *
 * `loss`, `gradientNorm`, `updateNorm` and `milliseconds` are what they are in every record; `testLoss`, `accuracy` and
 * `squaredError` are on data not trained on; `step` and `seconds` say where the step is, and are counted where they are
 * left out. Every other name is a measure of its own.
 *
 * @example
 * const run = new LoggedRun('my loop');
 * for (let i = 0; i < 100; i++) run.log({ loss: Math.exp(-i / 20), learningRate: 0.1 });
 * run.end();
 */
export class LoggedRun {
  #recorder: Recorder | undefined;
  #next = 0;
  #last = 0;
  #ended = false;
  #names: readonly string[] = [];

  constructor(
    readonly name: string,
    readonly settings: LoggedRunOptions = {},
  ) {}

  /** The folder of the record, from the first numbers on. */
  directory: string | undefined;

  /**
   * Records the numbers of a step.
   *
   * @returns the names that were left out, since the first numbers had none of them
   * @throws TypeError where something is no number; RangeError where `step` is no whole number or goes back, or where
   * the folder holds something
   */
  log(numbers: LoggedNumbers): string[] {
    if (this.#ended) throw new Error('LoggedRun.log: the run has ended');
    for (const [name, value] of Object.entries(numbers)) {
      if (typeof value !== 'number')
        throw new TypeError(`log(${name}): expected a number, got ${typeof value}`);
    }
    const { step = this.#next } = numbers;
    if (!Number.isSafeInteger(step) || step < this.#last) {
      throw new RangeError(`log(step): expected a whole number from ${this.#last} on, got ${step}`);
    }
    const recorder = (this.#recorder ??= this.#begin(numbers));
    const seconds = numbers.seconds ?? recorder.seconds;
    const own = Object.keys(numbers).filter((name) => !known.has(name));
    const steps = everyStep.some(({ name }) => name in numbers) || own.length > 0;
    if (steps && step >= this.#next) this.#step(recorder, numbers, step, seconds, own);
    else if (steps)
      throw new RangeError(`log(step): expected a whole number from ${this.#next} on, got ${step}`);
    if (evaluated.some((name) => name in numbers)) {
      const { testLoss: loss = Number.NaN, accuracy, squaredError } = numbers;
      recorder.append({
        kind: 'evaluation',
        method: 0,
        step: this.#next,
        seconds,
        loss,
        accuracy,
        squaredError,
      });
    }
    this.#last = step;
    return own.filter((name) => !this.#names.includes(name));
  }

  /** Ends the record, by default as one that did all it had to. */
  end(outcome: Outcome = { kind: 'budget', message: 'the loop ended' }): void {
    if (this.#ended) return;
    this.#ended = true;
    const recorder = this.#recorder;
    if (recorder === undefined) return;
    recorder.append({ kind: 'outcome', method: 0, step: this.#next, seconds: recorder.seconds, outcome });
    recorder.close();
  }

  #step(
    recorder: Recorder,
    numbers: LoggedNumbers,
    step: number,
    seconds: number,
    own: readonly string[],
  ): void {
    const { loss = Number.NaN, gradientNorm = Number.NaN, updateNorm = Number.NaN } = numbers;
    const took = step > 0 ? (1_000 * (seconds - this.#seconds)) / Math.max(1, step + 1 - this.#next) : 0;
    this.#seconds = seconds;
    this.#next = step + 1;
    const measures = Object.fromEntries(
      own.filter((name) => this.#names.includes(name)).map((name) => [name, numbers[name]!]),
    );
    const event: StepTaken = {
      kind: 'step',
      method: 0,
      step,
      seconds,
      loss,
      gradientNorm,
      updateNorm,
      milliseconds: numbers.milliseconds ?? took,
      ...(Object.keys(measures).length > 0 && { measures }),
    };
    recorder.append(event satisfies RunEvent);
  }
  #seconds = 0;

  #begin(first: LoggedNumbers): Recorder {
    const { options = {}, seed = 0, steps = Number.POSITIVE_INFINITY, batch, names = [] } = this.settings;
    const created = realEnvironment.date();
    const all = [...new Set([...Object.keys(first), ...names])];
    this.#names = all.filter((name) => !known.has(name));
    const leftOut = everyStep
      .map(({ name }) => name)
      .filter((name) => !all.includes(name) && name !== 'milliseconds');
    const measures = this.#names.map((name) => ({ name, kind: 'number', meaning: name }) as const);
    this.directory = makeRunDirectory('log(directory)', this.settings.directory, this.name, created);
    const run: RunStarted = {
      kind: 'run',
      run: basename(this.directory),
      problem: this.name,
      created: created.toISOString(),
      seed,
      steps,
      ...(batch !== undefined && { batch }),
      ...(leftOut.length > 0 && { leftOut: leftOut satisfies EveryStep[] }),
      methods: [
        {
          name: this.name,
          label: this.name,
          options,
          operators: [],
          ...(measures.length > 0 && { measures }),
        },
      ],
    };
    const log = RunLog.create(this.directory);
    const recorder = new Recorder(log, run);
    log.flush(); // the page needs something to show
    return recorder;
  }
}
