import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { allFaults, type FaultKind, faultKinds } from './faults.js';
import { Journal, left } from './journal.js';
import { type Player, player } from './players.js';
import { type KindName, kindNames, type Played, play } from './stretch.js';
import { parting, type Sometimes, sometimes } from './witness.js';

const help = `Simulates runs in which things go wrong: clock, turns, threads, disk and clients are drawn from a seed, and every step,
the record and what a page sees are held to a model of a run without faults.

  npm run simulate -- --seeds 100000 --journal all.jsonl   # seeds 0 … 99,999; again, it goes on where it was left
  npm run simulate -- --from 42 --seeds 1     # one history again
  npm run simulate -- --from 42 --seeds 1 --only powerCut,lyingSync      # with these kinds of faults alone
  npm run simulate -- --from 42 --seeds 1 --without powerCut,lyingSync
  npm run simulate -- --from 42 --seeds 1 --trail a.txt    # writes what happened step by step, with hashes
  npm run simulate -- --from 42 --seeds 1 --against a.txt  # tells the first step that is another than there

  --of training   trainings alone, or races; every seed is played as both where it is left out
  --processes N   how many play at once; one a core where there are more than a few hundred seeds

Ends with exit code 1 where something does not hold, with the fewest kinds of faults that show it; and where a
campaign of 1,000 seeds or more never met what it has to meet.

Faults:
${Object.entries(faultKinds)
  .map(([kind, what]) => `  ${kind.padEnd(18)} ${what}`)
  .join('\n')}`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
    without: { type: 'string', default: '' },
    only: { type: 'string' },
    of: { type: 'string', default: kindNames.join(',') },
    processes: { type: 'string' },
    journal: { type: 'string' },
    trail: { type: 'string' },
    against: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
/** Seeds that one process plays before it tells what it found. */
const stretch = 20;
/** From so many seeds on, what was never met is a fault of the campaign. */
const enough = 1000;
/** Milliseconds between two words on how far it is, on a terminal and elsewhere. */
const [often, seldom] = [1_000, 60_000];

const [seeds, from] = [whole('seeds', values.seeds), whole('from', values.from)];
const without = [
  ...kinds('without', values.without),
  ...(values.only === undefined
    ? []
    : allFaults.filter((kind) => !kinds('only', values.only!).includes(kind))),
];
const of = values.of.split(',') as KindName[];
for (const kind of of) {
  if (!kindNames.includes(kind)) fail(`--of: expected ${kindNames.join(' or ')}, got '${kind}'`);
}
const playing = { of, without };
const before = values.against === undefined ? undefined : linesOf(values.against);
const keepsTrail = values.trail !== undefined || before !== undefined;
const processes = Math.max(
  1,
  values.processes === undefined
    ? seeds > 10 * stretch
      ? availableParallelism()
      : 1
    : whole('processes', values.processes),
);
if (keepsTrail && processes > 1) fail('--trail, --against: expected --processes 1');

const journal = new Journal(values.journal);
const isAsked = (one: Played) => one.from >= from && one.from + one.seeds <= from + seeds;
const past = journal.read().filter(isAsked);
const stretches = left({ from, seeds }, past, stretch);
const counts = new Map<Sometimes, number>(sometimes.map((what) => [what, 0]));
const trail: string[] = [];
let [broken, lives, done, histories, stopped] = [0, 0, 0, 0, false];
process.once('SIGINT', () => (stopped = true));
for (const played of past) take(played);
const [begun, known] = [performance.now(), done];
let told = begun;
const players = Array.from(
  { length: Math.min(processes, stretches.length) },
  (): Player =>
    processes > 1 ? player(playing) : { play: (one) => play(one, playing, keepTrail), close: () => {} },
);
await Promise.all(players.map(playOn));
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
tell();

/** Has one process play stretches until none is left. */
async function playOn(one: Player): Promise<void> {
  for (let next = stretches.shift(); next !== undefined && !stopped; next = stretches.shift()) {
    const played = await one.play(next);
    journal.write(played);
    take(played);
    progress();
  }
  one.close();
}

function take(played: Played): void {
  done += played.seeds;
  histories += played.seeds * of.length;
  lives += played.lives;
  for (const [what, count] of Object.entries(played.seen) as [Sometimes, number][]) {
    counts.set(what, (counts.get(what) ?? 0) + count);
  }
  for (const { of: kind, seed, violation, faults } of played.broken) {
    broken++;
    console.log(`seed ${seed}, a ${kind}: ${violation}\n  with these faults: ${faults.join(', ') || 'none'}`);
    console.log(
      `  again: npm run simulate -- --from ${seed} --seeds 1 --of ${kind} --only ${faults.join(',') || "''"}`,
    );
  }
}

function progress(): void {
  const now = performance.now();
  if (now - told < (process.stderr.isTTY ? often : seldom)) return;
  told = now;
  const rate = (1000 * (done - known)) / (now - begun);
  const minutes = Math.ceil((seeds - done) / rate / 60);
  const line = `${done} of ${seeds} seeds, ${rate.toFixed(1)} a second, ${minutes} min left, ${broken} broken`;
  process.stderr.write(process.stderr.isTTY ? `\r${line}   ` : `${line}\n`);
}

function tell(): void {
  for (const [what, count] of counts) console.log(`${String(count).padStart(8)}  ${what}`);
  const seconds = (performance.now() - begun) / 1000;
  const rate = ((done - known) / seconds).toFixed(0);
  console.log(
    `${done} seeds, ${histories} histories of ${lives} processes; ${done - known} seeds now in ${seconds.toFixed(0)} s, ${rate} a ` +
      `second; ${broken} broken`,
  );
  const never = [...counts].filter(([, count]) => count === 0).map(([what]) => what);
  if (done >= enough && without.length === 0 && never.length > 0) {
    console.log(`never met, so nothing is known of it: ${never.join('; ')}`);
    process.exitCode = 1;
  }
  if (values.trail !== undefined) writeFileSync(values.trail, `${trail.join('\n')}\n`);
  const parted = before && parting(before, trail);
  if (parted !== undefined) {
    console.log(`line ${parted.line + 1} is another:`);
    console.log(`  there: ${parted.one ?? 'nothing more'}\n  here:  ${parted.other ?? 'nothing more'}`);
  }
  if (broken > 0 || parted !== undefined) process.exitCode = 1;
  else if (stopped) process.exitCode = 130;
}

function keepTrail(
  report: { readonly seed: number; readonly trail: readonly string[] },
  kind: KindName,
): void {
  if (keepsTrail) for (const line of report.trail) trail.push(`seed ${report.seed}, ${kind}, ${line}`);
}

function kinds(option: string, text: string): FaultKind[] {
  const list = text.split(',').filter((kind) => kind !== '') as FaultKind[];
  for (const kind of list) {
    if (!allFaults.includes(kind))
      fail(`--${option}: expected some of ${allFaults.join(', ')}, got '${kind}'`);
  }
  return list;
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) fail(`--${name}: expected a whole number, got '${text}'`);
  return value;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch (error) {
    return fail(`--against: ${(error as Error).message}`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
