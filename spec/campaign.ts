import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { check, type LawReport, type Report } from './check.js';
import { onTheHost } from './holders.js';
import { rightStrangers } from './strangers/index.js';
import type { Subject } from './subjects/subject.js';

const help = `Holds everything right that runs on the host against its laws: our methods, solvers and parts, the naive ones, and
right strangers. Whatever is told as broken is a false alarm, of a law or of a tolerance, or a mistake of ours.

  npm run laws                                       # under a random seed
  npm run laws -- --seed 7 --runs 1000 --laws 48,50 --subject adam
  npm run laws -- --seed 1 --seeds 100 --runs 60 --seconds 0.25 --kept seeds.jsonl   # continues where that file ends
  npm run laws -- --subject 'adam (float64)' --laws 48 --seed 7 --path 3:0:1   # one counterexample again

With --seconds a law is tried no further after so long, and ten samples. Prints a line a subject, or of several seeds a line a seed, and for a broken law the counterexample and how to see it
again. Exit code 1 if any law is broken.`;

/** What is kept of one seed. */
interface Kept {
  readonly seed: number;
  readonly runs: number;
  /** Subject and law, for each law that was broken. */
  readonly broken: readonly string[];
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    laws: { type: 'string' },
    subject: { type: 'string' },
    path: { type: 'string' },
    kept: { type: 'string' },
    seconds: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const first = whole('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));
const [seeds, runs] = [whole('seeds', values.seeds), whole('runs', values.runs)];
const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
if (seconds !== undefined && !(seconds > 0))
  fail(`--seconds: expected a number above 0, got '${values.seconds}'`);
const chosen = values.laws?.split(',');
const subjects = [...onTheHost(), ...(await rightStrangers())].filter(
  ({ name }) => values.subject === undefined || name.includes(values.subject),
);
if (subjects.length === 0) fail(`--subject: nothing is called '${values.subject}'`);

const done = new Map(kept().map((one) => [one.seed, one]));
console.log(`${seeds === 1 ? `seed ${first}` : `${seeds} seeds from ${first} on`}, ${runs} runs a law`);
const begin = performance.now();
const all: Kept[] = [];
let fresh = 0;
for (let seed = first; seed < first + seeds; seed++) all.push(done.get(seed) ?? tried(seed));
const broken = all.flatMap((one) => one.broken);
const total = all.reduce((sum, one) => sum + one.runs, 0);
const rate = Math.round((fresh / (performance.now() - begin)) * 1_000);
console.log(
  `${total} property runs of ${subjects.length} subjects, ${rate} a second, ${broken.length} laws broken`,
);
process.exitCode = broken.length > 0 ? 1 : 0;

/** Every subject under one seed. */
function tried(seed: number): Kept {
  const found: string[] = [];
  let made = 0;
  for (const subject of subjects) {
    const laws = chosen?.filter((id) => subject.claims.includes(id)) ?? subject.claims;
    if (laws.length === 0) continue;
    const report = check(subject, { seed, runs, laws, seconds, path: values.path });
    made += report.laws.reduce((sum, law) => sum + law.runs, 0);
    const failed = report.laws.filter(({ verdict }) => verdict === 'broken' || verdict === 'undecided');
    found.push(...failed.map(({ id }) => `${subject.name}, law ${id}`));
    if (seeds === 1) tellSubject(report);
    for (const law of failed) tellLaw(subject, law, seed);
  }
  fresh += made;
  const one: Kept = { seed, runs: made, broken: found };
  if (values.kept !== undefined) appendFileSync(values.kept, `${JSON.stringify(one)}\n`);
  if (seeds > 1) console.log(`seed ${seed}: ${made} runs, ${found.length} laws broken`);
  return one;
}

function tellSubject({ subject, laws }: Report): void {
  const worst = Math.max(0, ...laws.map((law) => law.worst));
  const verdict = laws.some((law) => law.verdict === 'broken') ? 'BROKEN' : 'holds ';
  console.log(`${verdict} ${subject}: ${laws.length} laws, worst ratio ${worst.toPrecision(2)}`);
}

function tellLaw({ name }: Subject, law: LawReport, seed: number): void {
  console.log(`  ${name}, law ${law.id}: ${law.statement}\n  ${law.explanation}\n  ${law.counterexample}`);
  const again = `--seed ${seed} --path ${law.replay?.path} --laws ${law.id}`;
  console.log(`  again: npm run laws -- --subject '${name}' ${again}`);
}

/** What earlier runs of this campaign have kept. */
function kept(): readonly Kept[] {
  if (values.kept === undefined || !existsSync(values.kept)) return [];
  const lines = readFileSync(values.kept, 'utf8').split('\n');
  // A last line that was cut off is a seed that did not end.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Kept);
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) fail(`--${name}: expected a whole number, got '${text}'`);
  return value;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
