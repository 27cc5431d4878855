import { type Naive, naiveSubject, option } from './naive.js';

/** u·c/‖u‖ where ‖u‖ > c, else u (Pascanu, Mikolov and Bengio 2013, algorithm 1). */
export const clipByNormOracle = naiveSubject('clipByNorm', (options): Naive => {
  const most = option(options, 'most', 1);
  return {
    start: () => [],
    step(_x, u) {
      let square = 0;
      for (const ui of u) square += ui * ui;
      const length = Math.sqrt(square);
      return { update: length > most ? u.map((ui) => (ui / length) * most) : u, rows: [] };
    },
  };
});

/** Every entry brought into [−c, c]. */
export const clipByValueOracle = naiveSubject('clipByValue', (options): Naive => {
  const most = option(options, 'most', 1);
  return {
    start: () => [],
    step(_x, u) {
      const update = u.map((ui) => {
        if (ui > most) return most;
        return Math.max(ui, -most);
      });
      return { update, rows: [] };
    },
  };
});
