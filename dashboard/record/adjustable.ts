import type { MethodDescription } from './events.js';

/** The options that can be changed while a method trains. */
export const adjustable = ['learningRate', 'damping'] as const;
export type AdjustableOption = (typeof adjustable)[number];

/**
 * The options of a method that can be changed while it trains, with the values it began with: numbers that each step
 * takes as they are. A damping that the method adapts itself, and a rate by a schedule, are not its options' any more.
 */
export function adjustableOptions({ options, operators }: MethodDescription): [AdjustableOption, number][] {
  if (operators[0]?.name !== 'gradient') return []; // it does not train by a pipeline
  return adjustable.flatMap((name) => {
    const value = options[name];
    const adapts = name === 'damping' && 'adaptEvery' in options;
    return typeof value === 'number' && !adapts ? [[name, value] as [AdjustableOption, number]] : [];
  });
}
