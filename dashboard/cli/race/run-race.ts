import { concat, defer, EMPTY, merge, Observable } from 'rxjs';
import type { RunEvent } from '../../record/events.js';
import { minimizations } from './minimizations.js';
import type { RunningRace } from './running-race.js';
import { trainings } from './trainings.js';

/**
 * The events of a race as they are recorded, the run's own first, the result last.
 *
 * All methods run side by side on one thread, each its own stream, from the same start on the same batches; those of
 * several seeds one seed after another. Those that the record says have ended stay ended. To unsubscribe is to leave the
 * race where it is: the record ends there.
 *
 * @throws StageError or ObjectiveError, through the stream, where the problem or an operator throws; all methods stop then
 */
export function raceEvents(race: RunningRace): Observable<RunEvent> {
  const { setting, contestants, control, recorder } = race;
  const seeds = new Set(contestants.map(({ seed }) => seed));
  const runsUnder = (seed: number | undefined) => {
    if (control.state === 'stopped') return EMPTY; // those that have not begun leave no trace
    const among = contestants.map((_, i) => i).filter((i) => contestants[i].seed === seed);
    return merge(
      ...(setting.kind === 'model' ? trainings(race, setting, among) : minimizations(race, setting, among)),
    );
  };
  return new Observable((subscriber) => {
    subscriber.add(recorder.watch((event) => subscriber.next(event)));
    subscriber.next(recorder.run);
    const runs = concat(...Array.from(seeds, (seed) => defer(() => runsUnder(seed))));
    subscriber.add(() => recorder.leave());
    subscriber.add(
      runs.subscribe({
        error: (cause) => subscriber.error(cause),
        complete() {
          recorder.close();
          subscriber.complete();
        },
      }),
    );
  });
}
