import { lastValueFrom, merge } from 'rxjs';
import { minimizations } from './minimizations.js';
import type { Race } from './race.js';
import { trainings } from './trainings.js';

/**
 * Runs all methods side by side on one thread, each its own stream, from the same start on the same batches.
 * Those that the record says have ended stay ended.
 *
 * @throws StageError or ObjectiveError where the problem or an operator throws; all methods stop then
 */
export async function runRace(race: Race): Promise<void> {
  const { setting } = race;
  const runs = setting.kind === 'model' ? trainings(race, setting) : minimizations(race, setting);
  await lastValueFrom(merge(...runs), { defaultValue: undefined });
}
