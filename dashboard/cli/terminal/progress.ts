import type { MethodState } from '../../record/method-state.js';
import { wordsFor } from '../../record/outcome-words.js';
import type { RunState } from '../../record/run-state.js';
import { duration, figure, percent } from './figures.js';
import { table } from './table.js';

/** One line a method: step, rate, smoothed loss (or value), accuracy on the test set, time left. */
export function progressLines(state: RunState): string[] {
  const rows = underWay(state).map((method) => [
    method.description.label,
    `step ${method.taken}/${method.budget}`,
    method.outcome !== undefined || method.rate === undefined ? '' : `${figure(method.rate)} steps/s`,
    `loss ${figure(method.value ?? method.smoothedLoss)}`,
    evaluated(method),
    left(method),
  ]);
  return table(rows, [0, 5]).split('\n');
}

/** Of several seeds, the methods of the one that is being run. */
function underWay({ methods }: RunState): readonly MethodState[] {
  const { seed } = (methods.find(({ outcome }) => outcome === undefined) ?? methods.at(-1)!).description;
  return methods.filter(({ description }) => description.seed === seed);
}

function evaluated({ accuracy, squaredError }: MethodState): string {
  if (squaredError !== undefined) return `squared error ${figure(squaredError)}`;
  return accuracy === undefined ? '' : `test ${percent(accuracy)}`;
}

function left({ outcome, secondsLeft }: MethodState): string {
  if (outcome !== undefined) return outcome.kind === 'budget' ? 'done' : wordsFor(outcome).words;
  return secondsLeft === undefined ? '' : `${duration(secondsLeft)} left`;
}
