/** The seed of every fast-check run in the ordinary tests, so that a run today equals a run tomorrow. */
export const seed = 20_261_122;
