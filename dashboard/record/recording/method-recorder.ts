import { type Outcome, save } from '../../../src/index.js';
import type { Problem } from '../../../src/objective/index.js';
import type { Frame } from '../../../streams/index.js';
import type { Store } from './checkpoint-store.js';
import { MeasuredOperators } from './measured-operators.js';
import type { Recorder } from './recorder.js';

export interface MethodRecorderOptions<T> {
  /** The method's place in the run. */
  readonly method: number;
  readonly label: string;
  readonly problem?: Problem<T, unknown>;
  /** The parameters as a point, where their path is worth keeping. */
  point?(parameters: T): readonly number[];
  /** Whether the average that the method keeps is evaluated, and kept at the end, and not the parameters. */
  readonly averaged?: boolean;
  /** How often a checkpoint was asked for at once, beside those that are due. */
  checkpointsAsked?(): number;
  readonly evaluateEvery: number;
  readonly checkpointEvery: number;
}

/** Seconds between two measurements of the operators. */
const measureEvery = 1;

/** Turns the frames of one method into events, checkpoints and, at its end, a file of its parameters. */
export class MethodRecorder<T> {
  /** What the record holds already: a resumed run comes past it once more, with the same numbers. */
  readonly #recorded: { steps: number; evaluation: number; points: number };
  #measured = Number.NEGATIVE_INFINITY;
  #asked = 0;
  readonly #operators = new MeasuredOperators<T>();

  constructor(
    readonly recorder: Recorder,
    readonly store: Store,
    readonly options: MethodRecorderOptions<T>,
  ) {
    const { taken, evaluatedAt, points } = recorder.state.methods[options.method];
    this.#recorded = { steps: taken, evaluation: evaluatedAt, points: points.length };
  }

  take(frame: Frame<T>): void {
    const { checkpointEvery } = this.options;
    const taken = frame.stepped ? frame.step + 1 : frame.step;
    // A frame without a step measured something only where what it measured is the trouble.
    if (frame.stepped || frame.outcome?.kind === 'nonFinite') this.#step(frame);
    this.#evaluate(frame, taken);
    if (frame.outcome !== undefined) this.#end(frame, taken, frame.outcome);
    else if (taken % checkpointEvery === 0 || this.#isAsked()) this.#checkpoint(frame, taken);
  }

  /** Whether somebody asked for a checkpoint since the last step. */
  #isAsked(): boolean {
    const asked = this.options.checkpointsAsked?.() ?? 0;
    const isNew = asked > this.#asked;
    this.#asked = asked;
    return isNew;
  }

  #step(frame: Frame<T>): void {
    const { recorder } = this;
    const { method } = this.options;
    const { step, lossValue: loss, gradientNorm, updateNorm, milliseconds, measures } = frame;
    this.#point(step, frame.parameters, loss);
    if (step >= this.#recorded.steps) {
      recorder.appendStep({ method, step, loss, gradientNorm, updateNorm, milliseconds }, measures);
    }
    if (frame.stepped) this.#operators.take(frame);
    const { seconds } = recorder; // not before that of the step: times in the log never go back
    if (seconds - this.#measured >= measureEvery) this.#measure(frame, seconds);
  }

  #measure(frame: Frame<T>, seconds: number): void {
    this.#measured = seconds;
    const { step } = frame;
    const { method } = this.options;
    this.recorder.append({ kind: 'operators', method, step, seconds, ...this.#operators.measured(frame) });
  }

  #point(step: number, parameters: Frame<T>['parameters'], value: number): void {
    const { point, method } = this.options;
    if (point === undefined || step < this.#recorded.points) return;
    this.recorder.append({ kind: 'point', method, step, x: point(parameters as T), value });
    this.#recorded.points = step + 1;
  }

  /** What the pipeline evaluated itself, or else the problem, where it is time to. */
  #evaluate(frame: Frame<T>, taken: number): void {
    const { problem, method, evaluateEvery } = this.options;
    if (taken <= this.#recorded.evaluation) return;
    let { evaluation } = frame;
    if (taken % evaluateEvery === 0 || frame.outcome !== undefined) {
      try {
        evaluation ??= problem?.evaluate?.(this.#result(frame));
      } catch (cause) {
        throw frame.failure('evaluate', cause);
      }
    }
    if (evaluation === undefined) return;
    const { seconds } = this.recorder;
    const { loss, accuracy, squaredError } = evaluation;
    this.recorder.append({ kind: 'evaluation', method, step: taken, seconds, loss, accuracy, squaredError });
    this.#recorded.evaluation = taken;
  }

  /** What this step leaves to use. After a step that made a NaN the average has it too: the last good ones then. */
  #result(frame: Frame<T>): Frame<T>['parameters'] {
    const { averaged = false } = this.options;
    return averaged && frame.outcome?.kind !== 'nonFinite' ? frame.average() : frame.nextParameters;
  }

  #checkpoint(frame: Frame<T>, taken: number): void {
    const { recorder, store } = this;
    const { method, label } = this.options;
    if (!recorder.sync()) return; // the record must reach as far as the checkpoint, after a power cut too
    const checkpoint = frame.checkpoint();
    if (checkpoint.pipeline.length === 0) return; // stopped before its first step: it begins at the start again
    const file = store.write(label, checkpoint);
    if (file === undefined) return;
    recorder.append({ kind: 'checkpoint', method, step: taken, seconds: recorder.seconds, file });
  }

  #end(frame: Frame<T>, taken: number, outcome: Outcome): void {
    const { recorder } = this;
    const { method, label } = this.options;
    const { algebra } = frame;
    if (frame.stepped) this.#measure(frame, recorder.seconds);
    const whole = frame.stepped || outcome.kind === 'stopped';
    if (whole && Number.isFinite(this.options.checkpointEvery)) this.#checkpoint(frame, taken);
    this.store.writeParameters(label, save(algebra, this.#result(frame)));
    recorder.append({ kind: 'outcome', method, step: taken, seconds: recorder.seconds, outcome });
  }
}
