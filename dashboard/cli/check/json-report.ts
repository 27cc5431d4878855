import { type Finding, type LawReport, shownSample } from '../../../spec/index.js';

/** A finding as one line of JSON. */
export function jsonLine(finding: Finding, again: string | undefined): string {
  if (finding.event === 'likeness' || finding.event === 'path') return JSON.stringify(finding);
  const { event, id, name, statement, verdict, runs, worst, counterexample, deviation, explanation } =
    finding;
  return JSON.stringify({
    event,
    id,
    name,
    statement,
    verdict,
    runs,
    worst: Number.isFinite(worst) ? worst : String(worst),
    ...(counterexample !== undefined && { counterexample: shownSample(counterexample) }),
    ...(deviation && { what: deviation.what, expected: deviation.expected, got: deviation.got }),
    ...(explanation !== undefined && { explanation }),
    ...(again !== undefined && { replay: again }),
  });
}

/** The last line. */
export function jsonResult(
  subject: string,
  laws: readonly LawReport[],
  asked: readonly string[],
  seed: number,
  seconds: number,
): string {
  const count = (verdict: LawReport['verdict']) => laws.filter((law) => law.verdict === verdict).length;
  return JSON.stringify({
    event: 'result',
    subject,
    holds: count('broken') + count('undecided') === 0,
    laws: laws.length,
    held: count('holds'),
    broken: laws.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id),
    undecided: count('undecided'),
    asked,
    seed,
    seconds: Number(seconds.toFixed(3)),
  });
}
