import { type AdjustableOption, adjustableOptions } from '../../../record/adjustable.js';
import type { Adjusted, MethodDescription, OperatorDescription } from '../../../record/events.js';

/** What an operator calls an option of the method that can be adjusted. */
const calledThere: Readonly<Record<AdjustableOption, readonly string[]>> = {
  learningRate: ['learningRate', 'rate'],
  damping: ['damping'],
};

/** Which adjustable option of a method is which option of one of its operators. */
export function adjustableThere(
  description: MethodDescription,
  { options }: OperatorDescription,
): { readonly option: AdjustableOption; readonly there: string }[] {
  return adjustableOptions(description).flatMap(([option, begun]) => {
    const there = calledThere[option].find((name) => options[name] === begun);
    return there === undefined ? [] : [{ option, there }];
  });
}

/** The options of an operator as they are now, after what was adjusted. */
export function optionsNow(
  description: MethodDescription,
  operator: OperatorDescription,
  adjustments: readonly Adjusted[],
): [name: string, value: unknown][] {
  const changed = new Map(
    adjustableThere(description, operator).map(({ option, there }) => [
      there,
      adjustments.findLast((one) => one.option === option)?.value,
    ]),
  );
  return Object.entries(operator.options).map(([name, value]) => [name, changed.get(name) ?? value]);
}
