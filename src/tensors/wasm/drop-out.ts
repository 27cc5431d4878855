import { blockBytes } from './elementwise-kernels.js';
import type { Team } from './team.js';

/** y ← dropout(x), addresses; y may be x. */
export function dropOut(team: Team, x: number, y: number, entries: number, rate: number, seed: number): void {
  const bytes = 4 * entries;
  const words = [x, y, bytes, seed, Math.ceil(rate * 2 ** 24)];
  team.run('dropout', words, Math.ceil(bytes / blockBytes), 32, [1 / (1 - rate)]);
}
