import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runCommandLine } from '../../../dashboard/cli/commands/command-line.js';
import type { MethodResult, RunEvent } from '../../../dashboard/record/events.js';
import { RunLog } from '../../../dashboard/record/log/index.js';
import {
  changeLabels,
  deletedRuns,
  deleteRun,
  differingOptions,
  emptyDeleted,
  foundRuns,
  indexName,
  RunIndex,
  readLabels,
  relativeHeights,
  restoreRun,
  sparkline,
} from '../../../dashboard/record/runs/index.js';
import { directory, run, step } from './run-events.js';

const day = (number: number) => new Date(Date.UTC(2026, 0, number)).toISOString();

/** Records a run of `steps` steps; it ends as a whole one where `outcome` is given. */
function record(
  folder: string,
  name: string,
  { steps = 40, created = day(1), beta1 = 0.9, ended = true } = {},
): RunLog {
  const log = RunLog.create(join(folder, name));
  const [method] = run.methods;
  log.append({
    ...run,
    run: name,
    created,
    methods: [{ ...method, options: { beta1, search: { c2: 0.5 } } }],
  });
  for (let k = 0; k < steps; k++) log.append(step(k));
  if (!ended) return log;
  log.append({ kind: 'evaluation', method: 0, step: steps, seconds: 1, loss: 0.25, accuracy: 0.75 });
  log.append({ kind: 'evaluation', method: 0, step: steps, seconds: 1, loss: 0.5, accuracy: 0.5 });
  const outcome = { kind: 'budget', message: 'all steps taken' } as const;
  log.append({ kind: 'outcome', method: 0, step: steps, seconds: 1, outcome });
  const result: MethodResult = { name: 'adam', label: 'adam', steps, millisecondsPerStep: 1, outcome };
  log.append({ kind: 'result', seconds: 2.5, methods: [result] } satisfies RunEvent);
  log.close();
  return log;
}

test('a summary says what the log says', () => {
  const folder = directory();
  record(folder, 'a');
  const [summary] = new RunIndex(folder).list();
  expect(summary).toMatchObject({
    path: 'a',
    standing: 'ended',
    problem: 'rosenbrock',
    seconds: 2.5,
    tags: [],
    methods: [{ label: 'adam', steps: 40, outcome: 'budget', accuracy: 0.75, testLoss: 0.25 }],
  });
  const [{ line, best, options }] = summary.methods;
  expect(options).toEqual({ beta1: 0.9, 'search.c2': 0.5 });
  expect(line.length).toBeGreaterThan(5);
  expect(line.length).toBeLessThanOrEqual(25);
  expect(best).toBe(Math.min(...line.map(Number)));
});

test('how a run stands follows its log and its writer', () => {
  const folder = directory();
  const log = record(folder, 'live', { ended: false });
  log.flush();
  const index = new RunIndex(folder);
  const standing = () => index.list().map((one) => one.standing);
  expect(standing()).toEqual(['running']);
  log.append({ kind: 'control', action: 'pause', seconds: 1 });
  log.flush();
  expect(standing()).toEqual(['paused']);
  log.append({ kind: 'control', action: 'resume', seconds: 1 });
  log.flush();
  expect(standing()).toEqual(['running']);
  log.close();
  expect(standing()).toEqual(['cut off']);
});

/** What may happen to a folder of runs and its index between two lists. */
const events = fc.array(
  fc.oneof(
    fc.record({
      what: fc.constant('add' as const),
      name: fc.stringMatching(/^[a-f]$/),
      steps: fc.integer({ min: 0, max: 60 }),
    }),
    fc.record({ what: fc.constant('remove' as const), name: fc.stringMatching(/^[a-f]$/) }),
    fc.record({
      what: fc.constant('tag' as const),
      name: fc.stringMatching(/^[a-f]$/),
      tag: fc.stringMatching(/^[a-z]{1,9}$/),
    }),
    fc.record({ what: fc.constantFrom('lose', 'tear', 'spoil', 'another version') }),
    fc.record({ what: fc.constant('list') }),
  ),
  { maxLength: 14 },
);

test('whatever becomes of the index, a list is what the logs and labels say', () => {
  fc.assert(
    fc.property(events, (list) => {
      const folder = directory();
      const index = join(folder, indexName);
      for (const [i, event] of list.entries()) {
        if (event.what === 'add' && 'steps' in event && !existsSync(join(folder, event.name))) {
          record(folder, event.name, { steps: event.steps, created: day(i + 1) });
        } else if (event.what === 'remove' && 'name' in event) {
          rmSync(join(folder, event.name), { recursive: true, force: true });
        } else if ('tag' in event && existsSync(join(folder, event.name))) {
          changeLabels(join(folder, event.name), { tags: [event.tag] });
        } else if (event.what === 'lose') rmSync(index, { force: true });
        else if (event.what === 'tear' && existsSync(index))
          truncateSync(index, readFileSync(index).length >> 1);
        else if (event.what === 'spoil' && existsSync(index))
          appendFileSync(index, '{"path":"a","run":{"path":"a"\n[]\n');
        else if (event.what === 'another version')
          writeFileSync(index, '{"fluxion":"runs","version":9}\nwhat\n');
        else if (event.what === 'list') new RunIndex(folder).list();
      }
      const listed = new RunIndex(folder).list();
      rmSync(index, { force: true });
      expect(listed).toEqual(new RunIndex(folder).list());
      expect(new RunIndex(folder).list()).toEqual(listed); // from the index that the line before has written
      const ages = listed.map(({ created }) => created);
      expect(ages).toEqual(ages.toSorted().reverse());
    }),
    { numRuns: 40 },
  );
});

test('what cannot be read is listed with the reason, and costs the others nothing', () => {
  const folder = directory();
  record(folder, 'whole');
  record(folder, 'damaged', { steps: 3000 });
  const log = join(folder, 'damaged', 'events.log');
  const bytes = readFileSync(log);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(log, bytes);
  mkdirSync(join(folder, 'foreign'));
  writeFileSync(join(folder, 'foreign', 'events.log'), 'a log of something else');
  mkdirSync(join(folder, 'newer'));
  const newer = readFileSync(join(folder, 'whole', 'events.log'));
  newer.writeUInt16LE(7, 8);
  writeFileSync(join(folder, 'newer', 'events.log'), newer);
  writeFileSync(join(folder, 'whole', 'labels.json'), 'not JSON');
  const runs = new RunIndex(folder).list();
  const faults = Object.fromEntries(runs.map(({ path, fault }) => [path, fault]));
  expect(faults.whole).toBeUndefined();
  expect(faults.damaged).toMatch(/damaged at byte \d+/);
  expect(faults.foreign).toMatch(/not a run log/);
  expect(faults.newer).toMatch(/format 7/);
  expect(new RunIndex(join(folder, 'nowhere')).list()).toEqual([]);
});

test('labels stay until they are changed; wrong ones are refused by name', () => {
  const folder = directory();
  record(folder, 'a');
  const path = join(folder, 'a');
  changeLabels(path, { name: ' the first ', tags: ['good', 'good', 'k-fac'], notes: 'kept' });
  changeLabels(path, { archived: true });
  expect(readLabels(path)).toEqual({
    name: 'the first',
    tags: ['good', 'k-fac'],
    notes: 'kept',
    archived: true,
  });
  expect(() => changeLabels(path, { tags: [''] })).toThrow('labels(tags)');
  expect(() => changeLabels(path, { name: 'x'.repeat(201) })).toThrow('labels(name)');
  expect(readLabels(path).tags).toEqual(['good', 'k-fac']);
});

test('a deleted run comes back as it was, and never in the place of another', () => {
  const folder = directory();
  record(folder, 'a');
  const [before] = new RunIndex(folder).list();
  deleteRun(folder, 'a');
  expect(new RunIndex(folder).list()).toEqual([]);
  expect(deletedRuns(folder)).toEqual(['a']);
  restoreRun(folder, 'a');
  expect(new RunIndex(folder).list()).toEqual([before]);
  deleteRun(folder, 'a');
  record(folder, 'a', { steps: 2 });
  expect(() => restoreRun(folder, 'a')).toThrow('another run has this place');
  emptyDeleted(folder);
  expect(deletedRuns(folder)).toEqual([]);
  expect(() => deleteRun(folder, 'b')).toThrow('no such run');
  const log = record(folder, 'live', { ended: false });
  expect(() => deleteRun(folder, 'live')).toThrow('is being written');
  log.close();
});

test('a search finds words anywhere and #tags among the tags; options that differ are told', () => {
  const folder = directory();
  record(folder, 'a', { created: day(1) });
  record(folder, 'b', { created: day(2), beta1: 0.5 });
  changeLabels(join(folder, 'a'), { name: 'Baseline', tags: ['good'] });
  const runs = new RunIndex(folder).list();
  const found = (search: string) => foundRuns(runs, search).map(({ path }) => path);
  expect(found('')).toEqual(['b', 'a']);
  expect(found('base ADAM')).toEqual(['a']);
  expect(found('#good')).toEqual(['a']);
  expect(found('#adam')).toEqual([]);
  expect(found('budget rosen')).toEqual(['b', 'a']);
  expect(differingOptions(runs)).toEqual([['adam.beta1=0.5'], ['adam.beta1=0.9']]);
  expect(differingOptions(runs.slice(1))).toEqual([[]]);
});

test('a sparkline is lowest at its least, and marks what is not finite', () => {
  expect(sparkline([1, 2, 3])).toBe('▁▅█');
  expect(sparkline([1, null, 1e-30])).toBe('█×▁');
  expect(sparkline([])).toBe('');
  fc.assert(
    fc.property(fc.array(fc.option(fc.double({ noNaN: true })), { minLength: 1 }), (line) => {
      const heights = relativeHeights(line);
      for (const height of heights) if (height !== null) expect(height >= 0 && height <= 1).toBe(true);
      expect([...sparkline(line)]).toHaveLength(line.length);
    }),
  );
});

test('the commands label, delete and restore, and refuse what is not there', async () => {
  const folder = directory();
  record(folder, 'a');
  const path = join(folder, 'a');
  const done = async (...args: string[]) => runCommandLine(['runs', ...args]);
  expect(await done('label', path, '--tag', 'x', '--tag', 'y', '--untag', 'x', '--name', 'n')).toBe(0);
  expect(readLabels(path)).toMatchObject({ name: 'n', tags: ['y'] });
  expect(await done('delete', path)).toBe(0);
  expect(existsSync(path)).toBe(false);
  expect(await done('restore', path)).toBe(0);
  expect(existsSync(path)).toBe(true);
  expect(await done(folder, '--search', 'n')).toBe(0);
  expect(await done(join(folder, 'nowhere'))).toBe(2);
  expect(await done('delete', join(folder, 'b'))).toBe(2);
  expect(await done('restore', join(folder, 'b'))).toBe(2);
});
