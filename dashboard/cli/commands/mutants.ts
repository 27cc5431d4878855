import { type Finding, findMistake } from '../../../spec/gallery.js';
import { type Mutant, mutants } from '../../../spec/mutants/index.js';
import { asSentence, shownSample } from '../../../spec/shown-sample.js';
import { nearestName } from '../../../src/algebra/nearest-name.js';
import { Misuse } from '../arguments/misuse.js';
import { LiveLines } from '../terminal/live-lines.js';
import { exitCodes } from './exit-codes.js';

interface MutantsOptions {
  readonly seed: number;
  readonly runs: number;
  readonly json?: boolean;
}

/** `fluxion mutants`: shows that each known mistake is found by its law; returns the exit code. */
export async function mutantsCommand(names: readonly string[], options: MutantsOptions): Promise<number> {
  const chosen = chosenMutants(names);
  const { json = false } = options;
  const out = (text: string) => process.stdout.write(`${text}\n`);
  const progress = new LiveLines(process.stderr);
  const lived: string[] = [];
  const begin = performance.now();
  for (const [at, mutant] of chosen.entries()) {
    // A law may take a second: let signals and the drawn lines through between two of them.
    await new Promise((resolve) => setImmediate(resolve));
    progress.draw(() => [`${at}/${chosen.length}  ${mutant.id}  law ${mutant.killedBy}`]);
    const finding = findMistake(mutant, options);
    if (finding.verdict === 'lived') lived.push(mutant.id);
    if (process.stderr.isTTY) progress.drawNow([]);
    out(json ? JSON.stringify(asEvent(finding)) : inWords(finding, options));
  }
  const seconds = (performance.now() - begin) / 1_000;
  const killed = chosen.length - lived.length;
  out(
    json
      ? JSON.stringify({
          event: 'result',
          mutants: chosen.length,
          killed,
          lived,
          seed: options.seed,
          seconds,
        })
      : `${killed} of ${chosen.length} mistakes found in ${seconds.toFixed(1)} s` +
          (lived.length === 0 ? '.' : `; not found: ${lived.join(', ')}.`),
  );
  return lived.length === 0 ? exitCodes.done : exitCodes.failure;
}

/** All of them, or those of the names: a name stands for the mutant it names, or for all that begin with it. */
function chosenMutants(names: readonly string[]): readonly Mutant[] {
  if (names.length === 0) return mutants;
  const chosen = new Set<Mutant>();
  for (const name of names) {
    const alike = mutants.filter(({ id }) => id === name || id.startsWith(`${name}-`));
    if (alike.length === 0) {
      const ids = mutants.map(({ id }) => id);
      const nearest = nearestName(name, [...ids, ...ids.map((id) => id.split('-')[0])]);
      throw new Misuse(
        `fluxion mutants: no mistake is called '${name}'` +
          (nearest === undefined ? '' : `; did you mean '${nearest}'?`) +
          ` Without a name all ${mutants.length} are tried; docs/mutants.md lists them.`,
      );
    }
    for (const mutant of alike) chosen.add(mutant);
  }
  return mutants.filter((mutant) => chosen.has(mutant));
}

function inWords({ mutant, verdict, law }: Finding, { seed }: MutantsOptions): string {
  const { id, mistake, seen, killedBy } = mutant;
  const head = `${verdict}  ${id}: ${asSentence(mistake)}${seen === undefined ? '' : ` Seen in ${seen}.`}`;
  const runs = law.runs === 1 ? '1 run' : `${law.runs} runs`;
  const words = `law ${killedBy}, ${law.name}: ${law.statement}`;
  if (verdict === 'lived') {
    const why = law.explanation === undefined ? `not broken in ${runs}` : law.explanation;
    return `${head}\n        ${words}\n        ${why}\n        again: fluxion mutants ${id} --seed ${seed}\n`;
  }
  return (
    `${head}\n        ${words}\n        broken after ${runs}: ${law.explanation?.replace(/^law \w+: /, '')}\n` +
    `        on ${shownSample(law.counterexample ?? '')}\n`
  );
}

function asEvent({ mutant, verdict, law }: Finding): object {
  const { id, mistake, seen, killedBy } = mutant;
  const { name, statement, runs, counterexample, explanation, replay } = law;
  return {
    event: 'mutant',
    id,
    mistake,
    seen,
    law: killedBy,
    name,
    statement,
    verdict,
    runs,
    counterexample,
    explanation,
    replay,
  };
}
