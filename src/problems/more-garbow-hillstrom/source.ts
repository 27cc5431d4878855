/** The citation of a problem by its number in the collection. */
export const problem = (number: number): string => `Moré, Garbow and Hillstrom 1981, problem ${number}`;
