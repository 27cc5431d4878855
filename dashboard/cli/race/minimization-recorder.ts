import { float64, type Observer, save } from '../../../src/index.js';
import { norm } from '../../../src/linalg/vector.js';
import type { IterateFrame } from '../../../streams/index.js';
import type { PointVisited } from '../../record/events.js';
import { cosineMeasure } from '../../record/measures.js';
import type { Store } from '../../record/recording/checkpoint-store.js';
import type { Recorder } from '../../record/recording/recorder.js';
import { Misuse } from '../arguments/misuse.js';
import type { MeasuredSteps } from './measured-steps.js';
import type { RecordedLandscape } from './recorded-landscape.js';

export interface MinimizationRecorderOptions {
  /** The method's place in the run. */
  readonly method: number;
  readonly label: string;
  /** Present for functions of two variables: then it is also recorded how each step came about. */
  readonly landscape?: RecordedLandscape;
  /** What its steps cost. */
  readonly steps: MeasuredSteps;
}

/** Seconds between two records of what the operators cost. */
const measureEvery = 1;

interface Place {
  readonly x: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
  readonly gradientNorm: number;
}

/** Turns the frames of one minimization into events and, at its end, a file of its result. */
export class MinimizationRecorder {
  /** Watches the run from within, where that is to be recorded. */
  readonly observer: Observer | undefined;
  /** What the record holds already: a resumed run comes past it once more, with the same numbers. */
  readonly #recorded: { readonly steps: number; readonly path: readonly (readonly number[])[] };
  #before: Place | undefined;
  #measured: { seconds: number; step: number };
  #taken = 0;
  #trials: number[][] = [];
  /** The newest two: some methods have made the next point's when a point is given out. */
  #models: { readonly x: readonly number[]; readonly hessian: readonly number[] }[] = [];

  constructor(
    readonly recorder: Recorder,
    readonly store: Store,
    readonly options: MinimizationRecorderOptions,
  ) {
    const { taken, points } = recorder.state.methods[options.method];
    this.#recorded = { steps: taken, path: points.path() };
    this.#measured = { seconds: recorder.seconds, step: -1 };
    if (options.landscape !== undefined) {
      this.observer = {
        trial: (x) => void this.#trials.push(Array.from(x)),
        model: (x, hessian) => {
          this.#models = [...this.#models.slice(-1), { x: Array.from(x), hessian: Array.from(hessian) }];
        },
      };
    }
  }

  take(frame: IterateFrame): void {
    const before = this.#before;
    const here: Place = {
      x: Array.from(frame.x),
      value: frame.value,
      gradient: Array.from(frame.gradient),
      gradientNorm: norm(frame.gradient),
    };
    this.#before = here;
    if (before === undefined) {
      this.options.steps.begin();
      this.#point(frame, here);
    }
    // The step that ends a run is one too where it moved.
    else if (frame.iteration > this.#taken || !same(before.x, here.x)) {
      this.#step(frame, before, here);
      this.#point(frame, here, before);
      this.options.steps.take(frame.milliseconds);
      this.#measure(measureEvery);
    }
    if (frame.outcome !== undefined) this.#end(frame, here);
  }

  #step(
    { milliseconds, measures }: IterateFrame,
    { x, value: loss, gradient, gradientNorm }: Place,
    here: Place,
  ): void {
    const step = this.#taken++;
    if (step < this.#recorded.steps) return;
    const { recorder } = this;
    const { method } = this.options;
    const p = Float64Array.from(x, (xi, i) => here.x[i] - xi);
    const updateNorm = norm(p);
    const slope = gradient.reduce((sum, gi, i) => sum + gi * p[i], 0);
    const cosine = -slope / (gradientNorm * updateNorm);
    const made = Object.entries({ [cosineMeasure.name]: cosine, ...measures }).filter(
      ([, reading]) => !Number.isNaN(reading),
    );
    recorder.appendStep(
      { method, step, loss, gradientNorm, updateNorm, milliseconds },
      Object.fromEntries(made),
    );
  }

  /** What the steps have cost, where that was recorded so many seconds ago. */
  #measure(every: number): void {
    const { recorder } = this;
    const { method, steps } = this.options;
    const { seconds } = recorder;
    const step = this.#taken - 1;
    if (seconds - this.#measured.seconds < every || step <= this.#measured.step) return;
    if (step < this.#recorded.steps) return;
    const measured = steps.measured(recorder.run.methods[method].operators.map(({ name }) => name));
    if (measured === undefined) return;
    this.#measured = { seconds, step };
    recorder.append({ kind: 'operators', method, step, seconds, ...measured });
  }

  #point(frame: IterateFrame, { x, value }: Place, before?: Place): void {
    const { method, landscape } = this.options;
    const step = this.#taken;
    const recorded = this.#recorded.path[step];
    if (recorded === undefined) {
      const evaluations = { ...frame.evaluations };
      this.recorder.append({
        kind: 'point',
        method,
        step,
        x,
        value,
        evaluations,
        ...this.#way(frame, x, before),
      });
    } else if (!same(recorded, x)) {
      throw new Misuse(
        `--resume: ${this.options.label} comes to another point at step ${step} than the record holds: ` +
          'the function or the program has changed since; start a new race',
      );
    }
    landscape?.visit(method, x, value, recorded !== undefined);
    this.#trials = [];
  }

  /** How the run came here from the point before. */
  #way(
    { measures }: IterateFrame,
    x: readonly number[],
    before: Place | undefined,
  ): Pick<PointVisited, 'radius' | 'model' | 'trials'> {
    if (before === undefined || this.options.landscape === undefined) return {};
    const model = this.#models.find((one) => same(one.x, before.x));
    const trials = this.#trials.map((trial, i, all) => ({
      x: trial,
      accepted: i === all.length - 1 && same(trial, x),
    }));
    return {
      ...(typeof measures.radius === 'number' && { radius: measures.radius }),
      ...(model && { model: { gradient: before.gradient, hessian: model.hessian } }),
      ...(trials.length > 0 && { trials }),
    };
  }

  #end({ outcome }: IterateFrame, { x }: Place): void {
    if (outcome === undefined) return;
    this.#measure(0);
    const { recorder, store } = this;
    const { method, label } = this.options;
    // Stopped before it came to where the record ends, a run leaves all as it was.
    const step = Math.max(this.#taken, this.#recorded.steps);
    if (step === this.#taken) {
      const parameters = float64.array(x, [x.length]);
      store.writeParameters(label, save(float64, parameters));
      float64.release(parameters);
    }
    recorder.append({ kind: 'outcome', method, step, seconds: recorder.seconds, outcome });
  }
}

function same(x: readonly number[], y: readonly number[]): boolean {
  return x.length === y.length && x.every((xi, i) => Object.is(xi, y[i]));
}
