import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { logName } from '../../record/log/index.js';
import { outcomeWords } from '../../record/outcome-words.js';
import {
  changeLabels,
  deletedFolder,
  deletedRuns,
  deleteRun,
  differingOptions,
  emptyDeleted,
  foundRuns,
  type ListedRun,
  type MethodSummary,
  RunIndex,
  type RunLabels,
  readLabels,
  restoreRun,
  sparkline,
} from '../../record/runs/index.js';
import { blamingInput, Misuse } from '../arguments/misuse.js';
import { figure, percent } from '../terminal/figures.js';
import { fitted } from '../terminal/fitted.js';
import { table } from '../terminal/table.js';
import { exitCodes } from './exit-codes.js';

export interface RunsOptions {
  readonly search?: string;
  readonly all?: boolean;
  readonly deleted?: boolean;
  readonly json?: boolean;
}

/** `fluxion runs`; returns the exit code. */
export function runsCommand(folder: string, { search = '', all, deleted, json }: RunsOptions): number {
  const place = deleted === true ? join(folder, deletedFolder) : folder;
  if (deleted !== true && !existsSync(folder)) {
    throw new Misuse(
      `runs(folder): expected a folder that holds runs, got '${folder}', which is not there; a race makes 'runs'`,
    );
  }
  const listed = new RunIndex(place).list();
  const runs = foundRuns(listed, search).filter(
    ({ archived }) => all === true || deleted === true || !archived,
  );
  const differences = differingOptions(runs);
  if (json === true) {
    for (const [i, run] of runs.entries()) {
      process.stdout.write(`${JSON.stringify({ ...run, differs: differences[i] })}\n`);
    }
    return exitCodes.done;
  }
  const hidden = listed.filter(({ archived }) => archived && all !== true && deleted !== true).length;
  const among = hidden > 0 ? `; ${hidden} archived, shown by --all` : '';
  const lines = runs.length === 0 ? [] : runsTable(runs, differences).split('\n');
  for (const line of lines) process.stdout.write(`${withinTerminal(line)}\n`);
  process.stdout.write(`${runs.length} of ${listed.length} runs in ${place}${among}\n`);
  return exitCodes.done;
}

/** A row a run; a run of several methods tells of its best. */
export function runsTable(runs: readonly ListedRun[], differences: readonly (readonly string[])[]): string {
  const tested = runs.some(({ methods }) => methods.some(({ accuracy }) => accuracy !== undefined));
  const head = [
    'run',
    'when',
    'problem',
    'methods',
    'outcome',
    'steps',
    'seed',
    ...(tested ? ['accuracy'] : []),
    'best',
    'loss',
    'differs in',
  ];
  const rows = runs.map((run, i) => {
    const best = bestMethod(run);
    const value = best?.best === undefined ? '–' : figure(best.best);
    return [
      named(run),
      run.created.slice(0, 16).replace('T', ' '),
      run.problem,
      methodsInWords(run.methods),
      outcomeInWords(run),
      String(Math.max(0, ...run.methods.map(({ steps }) => steps))),
      String(run.seed),
      ...(tested ? [accuracyOf(run.methods)] : []),
      run.methods.length > 1 ? `${value} ${best?.label}` : value,
      best === undefined ? '' : sparkline(best.line),
      differences[i].filter((one) => !inTheTable.test(one)).join(' '),
    ];
  });
  const right = ['steps', 'seed', 'accuracy'];
  const left = head.map((_, i) => i).filter((i) => !right.includes(head[i]));
  return table([head, ...rows], left);
}

/** Differences that have columns of their own. */
const inTheTable = /^(problem|seed|steps)=/;

function named({ path, name, tags, archived }: ListedRun): string {
  const own = name === undefined ? path : `${name} (${path})`;
  return [own, ...tags.map((tag) => `#${tag}`), ...(archived ? ['archived'] : [])].join(' ');
}

function methodsInWords(methods: readonly MethodSummary[]): string {
  const labels = [...new Set(methods.map(({ contestant, label }) => contestant ?? label))];
  return labels.length <= 3
    ? labels.join(', ')
    : `${labels.slice(0, 2).join(', ')} and ${labels.length - 2} more`;
}

/** How a run stands, or how its methods ended, the same words once. */
export function outcomeInWords({ standing, methods }: ListedRun): string {
  if (standing !== 'ended') return standing;
  const counts = new Map<string, number>();
  for (const { outcome = 'stopped' } of methods) {
    const { words } = outcomeWords[outcome] ?? { words: outcome };
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  if (counts.size === 1) return [...counts.keys()][0];
  return [...counts].map(([words, count]) => `${count} ${words}`).join(', ');
}

function bestMethod({ methods }: ListedRun): MethodSummary | undefined {
  const value = ({ best = Number.POSITIVE_INFINITY }: MethodSummary) => best;
  return methods.toSorted((a, b) => value(a) - value(b))[0];
}

function accuracyOf(methods: readonly MethodSummary[]): string {
  const known = methods.map(({ accuracy }) => accuracy).filter((one) => one !== undefined);
  return known.length === 0 ? '' : percent(Math.max(...known));
}

function withinTerminal(line: string): string {
  const { columns } = process.stdout;
  return columns === undefined ? line : fitted(line, columns);
}

export interface LabelOptions {
  readonly name?: string;
  readonly tag?: readonly string[];
  readonly untag?: readonly string[];
  readonly note?: string;
  readonly archive?: boolean;
  readonly unarchive?: boolean;
}

/** `fluxion runs label`: what is left out stays; an empty name or note takes it away. */
export function labelCommand(run: string, options: LabelOptions): number {
  const directory = runDirectory(run);
  const { tag = [], untag = [], name, note, archive, unarchive } = options;
  const { tags } = readLabels(directory);
  const change: Partial<RunLabels> = {
    ...(name !== undefined && { name }),
    ...(note !== undefined && { notes: note }),
    ...((archive ?? unarchive) && { archived: archive === true }),
    tags: [...tags, ...tag].filter((one) => !untag.includes(one)),
  };
  const labels = blamingInput(() => changeLabels(directory, change), 'runs label: ');
  process.stdout.write(`${JSON.stringify(labels)}\n`);
  return exitCodes.done;
}

/** `fluxion runs delete`. */
export function deleteCommand(runs: readonly string[]): number {
  for (const run of runs) {
    const directory = runDirectory(run);
    const [folder, path] = [dirname(directory), basename(directory)];
    blamingInput(() => deleteRun(folder, path), 'runs delete: ');
    process.stdout.write(`Deleted ${run}; take it back by: npx fluxion runs restore ${run}\n`);
  }
  return exitCodes.done;
}

/** `fluxion runs restore`. */
export function restoreCommand(runs: readonly string[]): number {
  for (const run of runs) {
    const places = placesOf(run);
    const wasThere = (place: string) => existsSync(join(dirname(place), deletedFolder, basename(place)));
    const directory = places.find(wasThere) ?? places[0];
    blamingInput(() => restoreRun(dirname(directory), basename(directory)), 'runs restore: ');
    process.stdout.write(`Restored ${run}\n`);
  }
  return exitCodes.done;
}

/** `fluxion runs empty`: what was deleted is gone for good. */
export function emptyCommand(folder: string): number {
  const deleted = deletedRuns(folder);
  emptyDeleted(folder);
  process.stdout.write(`${deleted.length} deleted runs in ${folder} are gone for good\n`);
  return exitCodes.done;
}

/** Where a run may lie that is called by its folder, or by its folder's name in `runs`. */
function placesOf(run: string): string[] {
  return [run, ...(run.includes(sep) ? [] : [join('runs', run)])].map((place) => resolve(place));
}

function runDirectory(run: string): string {
  const places = placesOf(run);
  const found = places.find((place) => existsSync(join(place, logName)));
  if (found !== undefined) return found;
  throw new Misuse(
    `runs: expected the folder of a run, got '${relative(process.cwd(), places[0])}', which holds none`,
  );
}
