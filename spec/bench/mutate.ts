import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../src/index.js';
import { heldAgainstLaws } from './mutation/held.js';
import { operators } from './mutation/operators.js';
import type { Site } from './mutation/site.js';
import { sitesOf } from './mutation/sites.js';
import { noticedByUnitTests } from './mutation/unit-tests.js';
import type { Judged } from './mutation/worker.js';

/*
 * Makes mistakes of meaning in our own source and tells which laws find them:
 *   npm run mutate -- src/transforms src/search/descend.ts [--sample 200] [--seed 1] [--runs 60] [--only sign,stale]
 *     [--out coverage/mutants.jsonl] [--unit] [--again] [--lived]
 * A mutant is killed by laws, or lived. 'same' is one under which whatever the laws that come by it are handed is the
 * same up to rounding, 'unreached' one that no law comes by; with --unit the unit tests are tried on all three. What
 * is in --out already is not tried again: the command goes on where it was ended. With --lived, what lived before is
 * tried once more, whatever the sample. Known survivors, each with the reason, are in spec/data/survivors.json. Exit
 * code 1 if one lived without a reason.
 */
const root = resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '60' },
    patience: { type: 'string', default: '20' },
    only: { type: 'string' },
    out: { type: 'string', default: 'coverage/mutants.jsonl' },
    unit: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    lived: { type: 'boolean', default: false },
  },
});

/** What is kept of a mutant. */
interface Kept {
  readonly id: string;
  readonly operator: string;
  readonly file: string;
  readonly line: number;
  readonly verdict: Judged['verdict'] | 'unit';
  readonly by?: string;
  readonly why?: string;
  readonly laws?: number;
  readonly cut?: boolean;
  readonly milliseconds: number;
}

const files = sourceFiles(positionals);
const only = values.only?.split(',');
for (const name of only ?? []) {
  const known = [...operators.map((operator) => operator.name), 'dropped', 'order'];
  if (!known.includes(name)) fail(`--only: expected some of ${known.join(', ')}, got '${name}'`);
}
const out = resolve(root, values.out);
mkdirSync(dirname(out), { recursive: true });
const sites = sitesOf(files, root).filter(({ operator }) => only === undefined || only.includes(operator));
if (sites.length === 0) fail('no operator applies to anything there');
const kept = new Map(values.again ? [] : readKept().map((one) => [one.id, one] as const));
const livedOnce = ({ id }: Site) => values.lived && kept.get(id)?.verdict === 'lived';
const drawn = values.lived
  ? sites.filter(livedOnce)
  : sampled(sites, whole('sample', 1), whole('seed', Number.MIN_SAFE_INTEGER));
if (drawn.length === 0) fail(`--lived: nothing of these files lived before in ${values.out}`);
const chosen = drawn.map((site, number) => ({ ...site, number }));
const reasons = new Map(
  (
    JSON.parse(readFileSync(`${root}/spec/data/survivors.json`, 'utf8')) as { id: string; reason: string }[]
  ).map(({ id, reason }) => [id, reason] as const),
);

const untried = chosen.filter((site) => !kept.has(site.id) || livedOnce(site));
console.log(
  `${sites.length} mutants in ${files.length} files, ${chosen.length} chosen, ${untried.length} to try`,
);
const work = {
  root,
  sites: chosen,
  seed: 1,
  runs: whole('runs', 1),
  patience: 1_000 * whole('patience', 1),
};
await heldAgainstLaws(
  work,
  untried.map(({ number }) => number),
  (judged) => keep(chosen[judged.number], judged),
  (trials) => console.log(`${trials} laws and subjects come by these files`),
);
if (values.unit) {
  for (const site of chosen) {
    const one = kept.get(site.id)!;
    if (one.verdict !== 'lived' && one.verdict !== 'unreached' && one.verdict !== 'same') continue;
    if (one.why === 'unit tests do not notice') continue;
    const begin = performance.now();
    const noticed = await noticedByUnitTests(root, site);
    const milliseconds = performance.now() - begin;
    if (noticed) keep(site, { number: 0, verdict: 'unit', milliseconds });
    else keep(site, { number: 0, ...one, why: 'unit tests do not notice', milliseconds });
  }
}
conclude();

function keep(
  site: Site,
  { number, ...judged }: { number: number } & Omit<Kept, 'id' | 'operator' | 'file' | 'line'>,
): void {
  const { id, operator, file, line } = site;
  const one: Kept = { ...judged, id, operator, file, line };
  kept.set(id, one);
  appendFileSync(out, `${JSON.stringify(one)}\n`);
  if (one.verdict !== 'laws') console.log(`${one.verdict.padEnd(9)} ${inWords(site)}`);
}

function inWords({ file, line, operator, before, after, statement }: Site): string {
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 90);
  const made = statement === 'overtaken' ? `after ${short(after)}` : short(after) || 'nothing';
  return `${file}:${line} ${operator}: ${short(before)} → ${made}`;
}

/** The last word on each mutant stands. */
function readKept(): Kept[] {
  if (!existsSync(out)) return [];
  return readFileSync(out, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Kept);
}

function conclude(): void {
  const all = chosen.map((site) => ({ site, one: kept.get(site.id)! }));
  const count = (verdict: Kept['verdict'], name?: string) =>
    all.filter(({ one }) => one.verdict === verdict && (name === undefined || one.operator === name)).length;
  const names = [...new Set(all.map(({ one }) => one.operator))].sort();
  console.log('\noperator      laws  unit  lived  same  unreached');
  for (const name of [...names, undefined]) {
    const row = (['laws', 'unit', 'lived', 'same', 'unreached'] as const).map((verdict) =>
      count(verdict, name),
    );
    console.log(
      `${(name ?? 'all').padEnd(12)}${row.map((n, i) => String(n).padStart([6, 6, 7, 6, 11][i])).join('')}`,
    );
  }
  const living = all.filter(({ one }) => one.verdict === 'lived' || one.verdict === 'unit');
  const [killed, changed] = [count('laws'), count('laws') + living.length];
  console.log(
    `\nOf ${changed} that change a result, laws kill ${killed}: ${((100 * killed) / Math.max(1, changed)).toFixed(1)} %.`,
  );
  const open = living.filter(({ site, one }) => one.verdict === 'lived' && !reasons.has(site.id));
  for (const { site } of open)
    console.log(`lived without a reason: ${inWords(site)}\n  ${JSON.stringify(site.id)}`);
  process.exitCode = open.length > 0 ? 1 : 0;
}

function sourceFiles(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) fail('expected files or folders of src, for example src/transforms');
  return paths.flatMap((path) => {
    const full = resolve(root, path);
    if (!existsSync(full) || relative(join(root, 'src'), full).startsWith('..'))
      fail(`${path}: expected a file or folder of src`);
    if (!statSync(full).isDirectory()) return [full];
    return readdirSync(full, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/(^|\/)(index|node-.*)\.ts$/.test(name))
      .sort()
      .map((name) => join(full, name));
  });
}

function sampled<V>(all: readonly V[], size: number, seed: number): readonly V[] {
  const random = new Random(seed);
  const order = all.map((one) => ({ one, at: random.uniform() }));
  return order
    .sort((a, b) => a.at - b.at)
    .slice(0, size)
    .map(({ one }) => one);
}

function whole(name: 'sample' | 'seed' | 'runs' | 'patience', least: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < least)
    fail(`--${name}: expected a whole number ≥ ${least}, got '${values[name]}'`);
  return value;
}

function fail(message: string): never {
  console.error(`mutate: ${message}`);
  process.exit(2);
}
