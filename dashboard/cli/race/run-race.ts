import { lastValueFrom, merge } from 'rxjs';
import { minimizations } from './minimizations.js';
import type { Race } from './race.js';
import { trainings } from './trainings.js';

/**
 * Runs all methods side by side on one thread, each its own stream, from the same start on the same batches; those of
 * several seeds one seed after another. Those that the record says have ended stay ended.
 *
 * @throws StageError or ObjectiveError where the problem or an operator throws; all methods stop then
 */
export async function runRace(race: Race): Promise<void> {
  const { setting, contestants, control } = race;
  const seeds = new Set(contestants.map(({ seed }) => seed));
  for (const seed of seeds) {
    if (control.state === 'stopped') return; // those that have not begun leave no trace
    const among = contestants.map((_, i) => i).filter((i) => contestants[i].seed === seed);
    const runs =
      setting.kind === 'model' ? trainings(race, setting, among) : minimizations(race, setting, among);
    await lastValueFrom(merge(...runs), { defaultValue: undefined });
  }
}
