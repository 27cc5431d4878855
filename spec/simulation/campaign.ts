import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { allFaults, type FaultKind, faultKinds } from './faults.js';
import { History } from './history.js';
import { smallest } from './smallest.js';
import { parting, type Sometimes, sometimes } from './witness.js';

const help = `Simulates runs in which things go wrong: clock, turns, threads, disk and clients are drawn from a seed, and every step,
the record and what a page sees are held to a model of a run without faults.

  npm run simulate -- --seeds 100000          # seeds 0 … 99,999; ten seeds a second and more
  npm run simulate -- --from 42 --seeds 1     # one history again
  npm run simulate -- --from 42 --seeds 1 --without powerCut,lyingSync
  npm run simulate -- --from 42 --seeds 1 --trail a.txt    # writes what happened step by step, with hashes
  npm run simulate -- --from 42 --seeds 1 --against a.txt  # tells the first step that is another than there

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
    trail: { type: 'string' },
    against: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const [seeds, from] = [whole('seeds', values.seeds), whole('from', values.from)];
const without = values.without.split(',').filter((kind) => kind !== '') as FaultKind[];
for (const kind of without) {
  if (!allFaults.includes(kind)) fail(`--without: expected some of ${allFaults.join(', ')}, got '${kind}'`);
}
const before = values.against === undefined ? undefined : linesOf(values.against);
const trail: string[] = [];

/** From so many seeds on, what was never met is a fault of the campaign. */
const enough = 1000;

const counts = new Map<Sometimes, number>(sometimes.map((what) => [what, 0]));
let [broken, lives, stopped] = [0, 0, false];
process.once('SIGINT', () => (stopped = true));
const begun = performance.now();
let told = begun;
let done = 0;
for (; done < seeds && !stopped; done++) {
  const seed = from + done;
  const report = await new History(seed, { without }).run();
  lives += report.lives;
  if (values.trail !== undefined || before !== undefined) {
    for (const line of report.trail) trail.push(`seed ${seed}, ${line}`);
  }
  for (const what of report.seen) counts.set(what, counts.get(what)! + 1);
  if (report.violation !== undefined) {
    broken++;
    const least = await smallest(report);
    const faults = least.report.faults.join(', ') || 'none';
    console.log(`seed ${seed}: ${least.report.violation}\n  with these faults: ${faults}`);
    const rest = least.without.length > 0 ? ` --without ${least.without.join(',')}` : '';
    console.log(`  again: npm run simulate -- --from ${seed} --seeds 1${rest}`);
  }
  if (performance.now() - told < 1000 || !process.stderr.isTTY) continue;
  told = performance.now();
  const rate = (1000 * (done + 1)) / (told - begun);
  const left = Math.round((seeds - done) / rate);
  process.stderr.write(`\r${done + 1} of ${seeds} histories, ${rate.toFixed(0)} a second, ${left} s left   `);
}
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
for (const [what, count] of counts) console.log(`${String(count).padStart(8)}  ${what}`);
const seconds = (performance.now() - begun) / 1000;
const rate = (done / seconds).toFixed(0);
console.log(
  `${done} histories of ${lives} processes in ${seconds.toFixed(0)} s, ${rate} a second; ${broken} broken`,
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
