import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Frame } from '../../streams/index.js';
import { ShownRun, type WatchOptions } from './shown-run.js';

/**
 * Records a run and shows it live in the browser, while it passes every frame on unchanged.
 *
 * ```
 * ──frame──frame──frame──▶
 *     watch()                  a record on disk, a page at http://127.0.0.1:…
 * ──frame──frame──frame──▶
 * ```
 *
 * Each subscription has a record and a page of its own, from its first frame on. The page goes when the run
 * ends, fails or is unsubscribed from; the record stays, and `npx fluxion watch` shows it again. A port that
 * is taken costs the page, not the run: a warning says so.
 *
 * @throws TypeError or RangeError on wrong options; Error, through the stream, where the folder of the record holds something
 * @example
 * train(problem, source, pipe(gradient(), learningRate(0.1))).pipe(take(2_000), watch()).subscribe();
 */
export function watch<T>(options: WatchOptions = {}): MonoTypeOperatorFunction<Frame<T>> {
  new ShownRun(options); // says at once what is wrong with them
  return (source) =>
    new Observable((subscriber) => {
      const shown = new ShownRun<T>(options);
      subscriber.add(() => shown.end('the run was left before its end'));
      subscriber.add(
        source.subscribe({
          next(frame) {
            try {
              shown.take(frame);
            } catch (error) {
              subscriber.error(error);
              return;
            }
            subscriber.next(frame);
          },
          error(error) {
            shown.end(`failed: ${error instanceof Error ? error.message : String(error)}`);
            subscriber.error(error);
          },
          complete() {
            shown.end('the stream completed');
            subscriber.complete();
          },
        }),
      );
    });
}
