import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readCheckpoint, readLog, readParameters } from '../../../dashboard/index.js';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { LogReader } from '../../../dashboard/record/log/index.js';
import { fluxion, jsonLines, temporaryFolder } from '../cli/run-cli.js';

const written = resolve(import.meta.dirname, '../../data/runs-0.1.0');
const folder = temporaryFolder();
afterAll(() => folder.remove());

const eventsOf = (directory: string): RunEvent[] => [...readLog(directory)].map(({ event }) => event);
const ofKind = <K extends RunEvent['kind']>(events: readonly RunEvent[], kind: K) =>
  events.filter((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind);

/** A copy of a run, to be written on. */
function copied(name: string): string {
  const directory = join(folder.path, name);
  cpSync(join(written, name), directory, { recursive: true });
  return directory;
}

it('a log of 0.1.0 is read event by event and by summaries, to the same numbers', () => {
  const directory = join(written, 'interrupted');
  const events = eventsOf(directory);
  const steps = ofKind(events, 'step');
  expect(steps).toHaveLength(4313);
  expect(ofKind(events, 'operators')).toHaveLength(4);
  expect(ofKind(events, 'outcome').map(({ step }) => step)).toEqual([2000, 2313]);
  const reader = new LogReader(directory);
  try {
    expect(reader.seq).toBe(events.length);
    expect(reader.fault).toBeUndefined();
    for (const name of ['loss', 'gradientNorm', 'updateNorm', 'milliseconds', 'seconds'] as const) {
      for (const method of [0, 1]) {
        const own = steps.filter((step) => step.method === method).map((step) => step[name]);
        const each = reader.summary(method, name, 0, own.length, own.length);
        expect([...each.mean]).toEqual(own);
        const coarse = reader.summary(method, name, 0, own.length, 8);
        expect(Math.min(...coarse.min)).toBe(Math.min(...own));
        expect(Math.max(...coarse.max)).toBe(Math.max(...own));
      }
    }
  } finally {
    reader.close();
  }
});

it('a training of 0.1.0 that was stopped goes on to the parameters 0.1.0 itself ended with', async () => {
  const directory = copied('interrupted');
  const before = eventsOf(directory).length;
  const model = join(written, 'model.ts');
  const { code, stderr, stdout } = await fluxion(
    ['race', model, '--resume', directory, '--json', '--no-open'],
    folder.path,
  );
  expect(code, stderr).toBe(0);
  expect(
    jsonLines(stdout)
      .at(-1)
      .methods.map(({ steps }: { steps: number }) => steps),
  ).toEqual([4000, 4000]);
  const events = eventsOf(directory);
  expect(events.length).toBeGreaterThan(before);
  for (const method of [0, 1]) {
    const steps = ofKind(events, 'step').filter((step) => step.method === method);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 4000 }, (_, step) => step));
  }
  for (const name of ['adam', 'momentum']) {
    const ended = readParameters(join(directory, `${name}.safetensors`));
    expect(ended).toEqual(readParameters(join(written, 'resumed', `${name}.safetensors`)));
    expect(readCheckpoint(join(directory, 'checkpoints', `${name}.safetensors`)).step).toBe(4000);
  }
});

it('a finished race of 0.1.0 tells its results again, and nothing of it is run anew', async () => {
  const directory = copied('quartic');
  const [old] = ofKind(eventsOf(directory), 'result');
  const { code, stderr, stdout } = await fluxion(
    ['race', '--resume', directory, '--json', '--no-open'],
    folder.path,
  );
  expect(code, stderr).toBe(0);
  const { methods } = jsonLines(stdout).at(-1);
  expect(methods.map(({ label, x, value }: (typeof old.methods)[number]) => ({ label, x, value }))).toEqual(
    old.methods.map(({ label, x, value }) => ({ label, x, value })),
  );
  expect(ofKind(eventsOf(directory), 'step')).toHaveLength(135);
});

it('another function and a module of another name are refused', async () => {
  const directory = copied('interrupted');
  const other = join(folder.path, 'other.ts');
  writeFileSync(other, readFileSync(join(written, 'model.ts'), 'utf8').replace("'small'", "'other'"));
  for (const problem of ['booth', other]) {
    const refused = await fluxion(['race', problem, '--resume', directory, '--no-open'], folder.path);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`is a race on small, got '${problem}'`),
    });
  }
});
