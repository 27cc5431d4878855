import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { runCommandLine } from '../../../dashboard/cli/commands/command-line.js';
import { numbersIn } from '../../../dashboard/cli/commands/log.js';
import { LoggedRun, readLog } from '../../../dashboard/index.js';
import { RunIndex } from '../../../dashboard/record/runs/index.js';
import { directory } from '../record/run-events.js';
import { startFluxion } from './run-cli.js';

const eventsIn = (folder: string) => [...readLog(folder)].map(({ event }) => event);

test('three lines record a loop', () => {
  const folder = join(directory(), 'loop');
  const run = new LoggedRun('my loop', {
    directory: folder,
    options: { learningRate: 0.1 },
    batch: 8,
    names: ['late'],
  });
  for (let i = 0; i < 100; i++) run.log({ loss: 1 / (1 + i), rate: 0.5, ...(i > 50 && { late: i }) });
  run.log({ accuracy: 0.75, testLoss: 0.5 });
  run.end();
  const events = eventsIn(folder);
  expect(events[0]).toMatchObject({ problem: 'my loop', leftOut: ['gradientNorm', 'updateNorm'] });
  const steps = events.filter((event) => event.kind === 'step');
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(steps[60]).toMatchObject({
    loss: 1 / 61,
    gradientNorm: Number.NaN,
    measures: { rate: 0.5, late: 60 },
  });
  expect(steps[50].measures).toEqual({ rate: 0.5 });
  expect(events.find(({ kind }) => kind === 'evaluation')).toMatchObject({
    step: 100,
    loss: 0.5,
    accuracy: 0.75,
  });
  const [listed] = new RunIndex(join(folder, '..')).list();
  expect(listed).toMatchObject({ standing: 'ended', problem: 'my loop', batch: 8 });
  expect(listed.methods).toMatchObject([{ steps: 100, accuracy: 0.75, options: { learningRate: 0.1 } }]);
  expect(listed).not.toHaveProperty('steps');
});

test('what is no number, or goes back, is refused by name; names that come late are told', () => {
  const run = new LoggedRun('loop', { directory: join(directory(), 'loop') });
  expect(run.log({ step: 5, loss: 1 })).toEqual([]);
  expect(run.log({ step: 6, loss: 1, other: 2 })).toEqual(['other']);
  expect(() => run.log({ step: 4, loss: 1 })).toThrow('log(step): expected a whole number from 6 on, got 4');
  expect(() => run.log({ step: 6, loss: 1 })).toThrow('log(step)');
  expect(() => run.log({ step: 7.5, loss: 1 })).toThrow('log(step)');
  expect(() => run.log({ loss: '1' as never })).toThrow('log(loss): expected a number');
  run.end();
  expect(() => run.log({ loss: 1 })).toThrow('has ended');
});

test('a line is read as Python writes it', () => {
  const line =
    '{"loss": NaN, "a": -Infinity, "b": Infinity, "text, NaN": 1, "c": null, "d": true, "e": 1e-3}';
  expect(numbersIn(line)).toEqual({
    loss: Number.NaN,
    a: Number.NEGATIVE_INFINITY,
    b: Number.POSITIVE_INFINITY,
    'text, NaN': 1,
    c: Number.NaN,
    d: 1,
    e: 0.001,
  });
  expect(() => numbersIn('loss 3')).toThrow('expected JSON such as');
  expect(() => numbersIn('[1]')).toThrow('expected an object of numbers');
  expect(() => numbersIn('{"loss": "low"}')).toThrow(`'loss': expected a number, got "low"`);
});

test('fluxion log records what a program prints, and ends with it', async () => {
  const folder = directory();
  const child = startFluxion(['log', 'net', '--no-open', '--out', 'net'], folder, 'pipe');
  let [out, err] = ['', ''];
  child.stdout!.on('data', (data) => (out += data));
  child.stderr!.on('data', (data) => (err += data));
  child.stdin!.write(
    '{"step": 0, "loss": 2.5, "lr": 0.1}\n\n{"step": 1, "loss": NaN, "lr": 0.05}\n{"step": 1, "accuracy": 0.5}\n',
  );
  child.stdin!.end('{"step": 2, "loss": 1.5, "lr": 0.025, "new": 1}');
  const code = await new Promise((done) => child.on('close', done));
  expect(code, err).toBe(0);
  expect(out).toContain('Dashboard: http://127.0.0.1:');
  expect(err).toContain("line 5: 'new' is left out");
  const events = eventsIn(join(folder, 'net'));
  expect(events.filter(({ kind }) => kind === 'step')).toMatchObject([
    { loss: 2.5, measures: { lr: 0.1 } },
    { loss: Number.NaN, measures: { lr: 0.05 } },
    { loss: 1.5, measures: { lr: 0.025 } },
  ]);
  expect(events.find(({ kind }) => kind === 'evaluation')).toMatchObject({ step: 2, accuracy: 0.5 });
  expect(events.at(-1)).toMatchObject({
    kind: 'result',
    methods: [{ steps: 3, outcome: { kind: 'budget' } }],
  });
});

test('fluxion watch --terminal follows a run to its end, with its course as a line', async () => {
  const folder = join(directory(), 'loop');
  const run = new LoggedRun('my loop', { directory: folder });
  run.log({ loss: 100 });
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  const watching = runCommandLine(['watch', folder, '--terminal']);
  for (let i = 1; i < 40; i++) run.log({ loss: 100 - i });
  run.end();
  const code = await watching;
  write.mockRestore();
  expect(code).toBe(0);
  const last = out.slice(out.lastIndexOf('my loop · '));
  expect(last).toMatch(/· ended ·/);
  expect(last).toMatch(/my loop\s+40 .*█.*▁\s+all steps taken/);
});
