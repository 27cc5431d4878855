import type { LawReport } from './check.js';
import { shownSample } from './shown-sample.js';

/** A broken law in lines a person reads: what it says, what broke it, what was expected and what was got. */
export function explainedLaw({
  statement,
  counterexample,
  deviation,
  explanation,
  runs,
}: LawReport): string[] {
  const on = counterexample === undefined ? [] : [`on        ${shownSample(counterexample)}`];
  if (deviation === undefined) return [statement, ...on, ...(explanation ?? '').split('\n')];
  const { what, expected, got, ratio } = deviation;
  const beyond = Number.isFinite(ratio) ? [`which is ${ratio.toPrecision(3)} times what is allowed`] : [];
  return [
    statement,
    `broken in run ${runs}, and by nothing smaller than this:`,
    ...on,
    `what      ${what}`,
    `expected  ${expected}`,
    `got       ${got}`,
    ...beyond,
  ];
}
