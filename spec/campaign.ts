import { parseArgs } from 'node:util';
import { check } from './check.js';
import { onTheHost } from './holders.js';

/*
 * Holds everything on the host against its laws under a random seed:
 *   npm run laws -- [--seed 7] [--runs 1000] [--laws 48,50] [--subject adam] [--path 3:0:1]
 * Prints a line a subject, and for a broken law the counterexample and how to see it again. Exit code 1 if
 * any law is broken.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '1000' },
    laws: { type: 'string' },
    subject: { type: 'string' },
    path: { type: 'string' },
  },
});
const seed = whole('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));
const runs = whole('runs', values.runs);
const chosen = values.laws?.split(',');
const subjects = onTheHost().filter(
  ({ name }) => values.subject === undefined || name.includes(values.subject),
);
if (subjects.length === 0) fail(`--subject: nothing is called '${values.subject}'`);

console.log(`seed ${seed}, ${runs} runs a law`);
const begin = performance.now();
let total = 0;
let broken = 0;
for (const subject of subjects) {
  const laws = chosen?.filter((id) => subject.claims.includes(id)) ?? subject.claims;
  const report = check(subject, { seed, runs, laws, path: values.path });
  const worst = Math.max(0, ...report.laws.map((law) => law.worst));
  total += report.laws.reduce((sum, law) => sum + law.runs, 0);
  console.log(
    `${report.holds ? 'holds ' : 'BROKEN'} ${subject.name}: ${report.laws.length} laws, worst ratio ${worst.toPrecision(2)}`,
  );
  for (const law of report.laws) {
    if (law.verdict !== 'broken') continue;
    broken++;
    console.log(`  ${law.statement}\n  ${law.explanation}\n  ${law.counterexample}`);
    const again = `--seed ${law.replay?.seed} --path ${law.replay?.path} --laws ${law.id}`;
    console.log(`  again: npm run laws -- --subject '${subject.name}' ${again}`);
  }
}
const rate = Math.round((total / (performance.now() - begin)) * 1_000);
console.log(`${total} property runs, ${rate} a second, ${broken} laws broken`);
process.exitCode = broken > 0 ? 1 : 0;

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) fail(`--${name}: expected a whole number, got '${text}'`);
  return value;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
