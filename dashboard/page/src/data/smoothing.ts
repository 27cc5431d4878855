import { Series } from './series.js';

/**
 * The debiased exponential average of a raw series, value by value:
 *
 *   s_t = β s_{t−1} + (1 − β) y_t,  shown s_t / (1 − β^t),  β = 1 − 1/span,
 *
 * so that the first value is y_1 itself and a constant stays that constant (Kingma & Ba, 2015, section 3).
 * A value that is not finite is passed through where it happened and never enters the average. A bucket of n
 * values enters as n times its mean, with β^n in place of β. A span of 1 smooths nothing. It is computed on every raw value, whatever of them is drawn, and goes on where it stopped
 * when the raw series grows.
 */
export class Smoothed {
  readonly span: number;
  readonly series = new Series();
  readonly #raw: Series;
  #sum = 0;
  #weight = 0;

  constructor(raw: Series, span: number) {
    this.#raw = raw;
    this.span = span;
  }

  /** The average up to the end of the raw series. */
  update(): Series {
    const decay = 1 - 1 / this.span;
    const values = this.#raw.values.view();
    for (let index = this.series.length; index < values.length; index++) {
      const value = values[index]!;
      if (!Number.isFinite(value)) {
        this.series.push(value);
        continue;
      }
      const bucket = this.#raw.bucket(index);
      const kept = bucket === undefined ? decay : decay ** bucket.values;
      this.#sum = kept * this.#sum + (1 - kept) * value;
      this.#weight = kept * this.#weight + (1 - kept);
      this.series.push(this.#sum / this.#weight);
    }
    return this.series;
  }
}
