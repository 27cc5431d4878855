import { Curve } from './curve.js';
import { Places } from './places.js';

/** So many spans before the end a smoothed curve may still change. */
const unsettled = 12;

/**
 * One quantity of a method's runs under several seeds: step by step the median and the least and greatest, of the
 * smoothed curves, as far as all of them come. What is not finite counts as worse than anything.
 */
export class SeedBand {
  readonly #places = new Places();
  readonly median = new Curve(this.#places);
  readonly least = new Curve(this.#places);
  readonly most = new Curve(this.#places);
  #of = '';

  /** As the curves are now. */
  update(curves: readonly Curve[], span: number, log: boolean): void {
    const of = `${curves.length} ${span} ${log}`;
    const settled = this.#of === of ? Math.max(0, this.#places.length - unsettled * span) : 0;
    this.#of = of;
    this.#places.truncate(settled);
    for (const curve of [this.median, this.least, this.most]) curve.truncate(settled);
    const [first, ...others] = curves;
    if (first === undefined) return;
    const values = curves.map((curve) => curve.smoothed(span, log));
    const end = Math.min(...curves.map(({ places }) => places.steps.last));
    const { steps } = first.places;
    for (let index = settled; index < first.raw.length && steps.at(index) <= end; index++) {
      const step = steps.at(index);
      // Mostly the same steps in the same order: where not, the last no later.
      const at = others.map(({ places }) =>
        places.steps.at(index) === step ? index : Math.max(0, places.before(step + 1) - 1),
      );
      const all = [index, ...at].map((i, k) => values[k]!.at(i));
      const sorted = all.map((value) => (Number.isNaN(value) ? Infinity : value)).sort((a, b) => a - b);
      const middle = (sorted.length - 1) / 2;
      const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
      const mean = (of: (curve: Curve, i: number) => number) =>
        [index, ...at].reduce((sum, i, k) => sum + of(curves[k]!, i), 0) / curves.length;
      this.#places.push({
        step,
        evaluations: mean(({ places }, i) => places.evaluations.at(i)),
        work: mean(({ places }, i) => places.work.at(i)),
        seconds: mean(({ places }, i) => places.seconds.at(i)),
      });
      this.median.raw.push(median);
      this.least.raw.push(sorted[0]!);
      this.most.raw.push(sorted.at(-1)!);
    }
  }
}
