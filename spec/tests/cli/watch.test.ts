import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, pipe, take, tap, toArray } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { readLog, watch } from '../../../dashboard/index.js';
import { fromFunction, type HostArray, rosenbrock } from '../../../src/index.js';
import {
  Control,
  type Frame,
  gradient,
  learningRate,
  snapshot,
  train,
  withoutBatches,
} from '../../../streams/index.js';

const folder = mkdtempSync(join(tmpdir(), 'fluxion-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (control?: Control) =>
  train(fromFunction(rosenbrock(2)), withoutBatches(), pipe(gradient(), learningRate(1e-3)), {
    steps: 50,
    control,
  });

describe('watch', () => {
  it('passes every frame on unchanged, records each, and shows a page', async () => {
    const directory = join(folder, 'a');
    const control = new Control();
    const pauseAtOnce = tap<Frame<HostArray>>(({ step }) => step === 0 && control.pause()); // until the page is there
    let status = 0;
    const onAddress = (url: string) =>
      void fetch(url, { redirect: 'manual' })
        .then((answer) => (status = answer.status))
        .finally(() => control.resume());
    const seen = await lastValueFrom(
      run(control).pipe(pauseAtOnce, watch({ directory, onAddress }), snapshot(), toArray()),
    );
    expect([200, 302, 303]).toContain(status);
    const bare = await lastValueFrom(run().pipe(snapshot(), toArray()));
    expect(seen.map(({ parameters }) => parameters)).toEqual(bare.map(({ parameters }) => parameters));
    const events = [...readLog(directory)].map(({ event }) => event);
    expect(events.filter(({ kind }) => kind === 'step')).toHaveLength(50);
    expect(events.filter(({ kind }) => kind === 'point')).toHaveLength(50);
    expect(events[0]).toMatchObject({
      methods: [{ operators: [{ name: 'gradient' }, { name: 'learningRate' }] }],
    });
    expect(events.at(-1)).toMatchObject({ kind: 'result', methods: [{ outcome: { kind: 'budget' } }] });
  });

  it('closes the record where the stream is left before its end', async () => {
    const directory = join(folder, 'b');
    await lastValueFrom(run().pipe(watch({ directory, onAddress: () => {} }), take(5)));
    const events = [...readLog(directory)].map(({ event }) => event);
    expect(events.filter(({ kind }) => kind === 'step')).toHaveLength(5);
    expect(events.at(-1)).toMatchObject({
      kind: 'result',
      methods: [{ steps: 5, outcome: { kind: 'stopped' } }],
    });
  });

  it('refuses a folder that holds something, through the stream', async () => {
    const again = lastValueFrom(run().pipe(watch({ directory: join(folder, 'a'), onAddress: () => {} })));
    await expect(again).rejects.toThrow('expected a new or empty folder');
  });
});
