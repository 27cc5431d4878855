/** Done; a program's own failure; the user's mistake; ended by Ctrl-C. */
export const exitCodes = { done: 0, failure: 1, misuse: 2, interrupted: 130 } as const;
