import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, pipe, tap } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { chosenMethods } from '../../../dashboard/cli/arguments/chosen-methods.js';
import { sliceFromPage } from '../../../dashboard/cli/commands/slice-from-page.js';
import type { Branch } from '../../../dashboard/cli/race/branch.js';
import { describeRun } from '../../../dashboard/cli/race/describe-run.js';
import { lossSlice } from '../../../dashboard/cli/race/loss-slice.js';
import type { ModelSetting } from '../../../dashboard/cli/race/setting.js';
import type { SliceSampled } from '../../../dashboard/record/events.js';
import { RunLog, readLog } from '../../../dashboard/record/log/index.js';
import { RunState } from '../../../dashboard/record/run-state.js';
import { clientMessage } from '../../../dashboard/server/protocol.js';
import { float64, fromFunction, type HostArray, restore } from '../../../src/index.js';
import type { Method } from '../../../src/methods/index.js';
import { type Checkpoint, gradient, lifted, train, withoutBatches } from '../../../streams/index.js';

const folder = mkdtempSync(join(tmpdir(), 'fluxion-slice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** f = ½xᵀ diag(1, 6, −9, 2) x, whose eigenvalues of greatest size are −9 and 6. */
const curvature = [1, 6, -9, 2];
const value = (x: ArrayLike<number>) => curvature.reduce((sum, c, i) => sum + (c * x[i]! ** 2) / 2, 0);
const saddle = fromFunction({
  name: 'saddle',
  start: [3, -2, 0.1, 1],
  value,
  gradient: (x) => Float64Array.from(curvature, (c, i) => c * x[i]!),
  hessian: () => Float64Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? curvature[k / 5]! : 0)),
});
const setting = {
  kind: 'model',
  name: 'saddle',
  asked: 'saddle',
  problem: saddle,
  source: () => withoutBatches(),
  defaults: { methods: '', steps: 60 },
  evaluateEvery: 100,
  checkpointEvery: 100,
} as unknown as ModelSetting<HostArray, undefined>;
const asked = 'momentum(learningRate=0.02)';

/** A checkpoint after some steps, as a race would have left it. */
async function branchAt(steps: number): Promise<Branch> {
  const contestants = chosenMethods(asked);
  const run = describeRun('a', setting as ModelSetting, contestants, {
    seed: 1,
    steps: 60,
    created: new Date(0),
  });
  const pipeline = pipe(gradient(), lifted(contestants[0]!.method as Method));
  let checkpoint: Checkpoint | undefined;
  const going = train(saddle, withoutBatches(), pipeline, { seed: 1, steps });
  await lastValueFrom(
    going.pipe(
      tap((frame) => {
        checkpoint = frame.checkpoint();
      }),
    ),
  );
  return { checkpoint: checkpoint!, run, method: run.methods[0]!, asked };
}

const options = { side: 7, batches: 1, steps: 3 };
const pointOf = (saved: Checkpoint['parameters']) => [
  ...float64.values(restore(float64, saved) as HostArray),
];

/** Where each sample of a slice lies, with its value. */
const samples = ({
  x0,
  x1,
  y0,
  y1,
  columns,
  rows,
  values,
}: Pick<SliceSampled, 'x0' | 'x1' | 'y0' | 'y1' | 'columns' | 'rows' | 'values'>) =>
  values.map((at, k) => ({
    a: x0 + ((k % columns) / (columns - 1)) * (x1 - x0),
    b: y0 + (Math.floor(k / columns) / (rows - 1)) * (y1 - y0),
    at,
  }));

describe('a slice of the loss', () => {
  it('lies along the last update and what of −g is orthogonal to it', async () => {
    const branch = await branchAt(5);
    const slice = await lossSlice(setting, branch, { ...options, along: 'update' });
    const x = pointOf(branch.checkpoint.parameters);
    const u = pointOf(branch.checkpoint.previous!).map((before, i) => x[i]! - before);
    const dot = (p: readonly number[], q: readonly number[]) => p.reduce((sum, pi, i) => sum + pi * q[i]!, 0);
    const g = x.map((xi, i) => curvature[i]! * xi);
    const rest = g.map((gi, i) => (dot(g, u) / dot(u, u)) * u[i]! - gi);
    const scale = Math.sqrt(dot(u, u) / dot(rest, rest));
    expect(slice.size).toBeCloseTo(Math.sqrt(dot(u, u)), 12);
    for (const { a, b, at } of samples(slice)) {
      const there = value(x.map((xi, i) => xi + a * u[i]! + b * scale * rest[i]!));
      expect(Math.abs(at - there)).toBeLessThanOrEqual(1e-5 * Math.abs(there) + 1e-9);
    }
    expect(slice.path[0]![0]).toBeCloseTo(-1, 6);
    expect(slice.path[slice.here]).toEqual([0, 0]);
    expect(slice.path).toHaveLength(2 + options.steps);
    const after = pointOf((await branchAt(6)).checkpoint.parameters).map((there, i) => there - x[i]!);
    expect(slice.path[2]![0]).toBeCloseTo(dot(after, u) / dot(u, u), 5);
  });

  it('lies along the eigenvectors of greatest curvature, of either sign', async () => {
    const branch = await branchAt(5);
    const slice = await lossSlice(setting, branch, { ...options, along: 'eigenvectors' });
    expect(slice.eigenvalues![0]).toBeCloseTo(-9, 9);
    expect(slice.eigenvalues![1]).toBeCloseTo(6, 9);
    const here = value(pointOf(branch.checkpoint.parameters));
    const at = (a: number, b: number) =>
      samples(slice).find((one) => Math.hypot(one.a - a, one.b - b) < 1e-9)!.at - here;
    // Second differences across the middle are λ‖Δx‖² times the square of their width.
    const [w, h] = [(slice.x1 - slice.x0) / 6, (slice.y1 - slice.y0) / 6];
    const [x, y] = [(slice.x0 + slice.x1) / 2, (slice.y0 + slice.y1) / 2];
    const across = at(x + w, y) + at(x - w, y) - 2 * at(x, y);
    const up = at(x, y + h) + at(x, y - h) - 2 * at(x, y);
    expect(across / (-9 * slice.size ** 2 * w ** 2)).toBeCloseTo(1, 2);
    expect(up / (6 * slice.size ** 2 * h ** 2)).toBeCloseTo(1, 2);
  });

  it('is refused where there is no step before the checkpoint', async () => {
    const branch = await branchAt(1);
    const { previous: _, ...first } = branch.checkpoint;
    const lone = { ...branch, checkpoint: first };
    await expect(lossSlice(setting, lone, { ...options, along: 'update' })).rejects.toThrow(
      /a step before it/,
    );
  });

  it('goes into the record, and comes back with it', async () => {
    const branch = await branchAt(5);
    const slice = await lossSlice(setting, branch, { ...options, along: 'update' });
    const directory = join(folder, 'recorded');
    mkdirSync(directory);
    const log = RunLog.create(directory);
    log.append(branch.run);
    const event: SliceSampled = { kind: 'slice', method: 0, seconds: 1, ...slice };
    log.append(event);
    log.close();
    expect([...readLog(directory)].map((entry) => entry.event)).toEqual([branch.run, event]);
    const state = RunState.of(branch.run);
    state.take(event); // what knows nothing of slices passes them over
    expect(state.methods[0]!.taken).toBe(0);
  });
});

describe('a slice asked for on the page', () => {
  const directory = join(folder, 'run');
  mkdirSync(join(directory, 'checkpoints'), { recursive: true });
  writeFileSync(join(directory, 'checkpoints', 'adam.safetensors'), '');
  const command = (script: string) => [process.execPath, '-e', script];

  it('is appended here where the run goes on here, else by the command', async () => {
    const appended: SliceSampled[] = [];
    const own = { directory, append: (slice: SliceSampled) => void appended.push(slice) };
    const printing = command('console.log(JSON.stringify({ kind: "slice", asked: process.argv.slice(1) }))');
    await sliceFromPage(own, printing)({ directory, label: 'adam', along: 'update' });
    expect(appended).toMatchObject([
      { asked: ['slice', join(directory, 'checkpoints', 'adam.safetensors'), '--along', 'update', '--json'] },
    ]);
    await sliceFromPage(undefined, printing)({ directory, label: 'adam', along: 'eigenvectors' });
    expect(appended).toHaveLength(1);
  });

  it('tells why there is none', async () => {
    const failing = command('console.error("error: slice(checkpoint): expected another"); process.exit(2)');
    const asked = { directory, label: 'adam', along: 'update' } as const;
    await expect(sliceFromPage(undefined, failing)(asked)).rejects.toThrow(
      /^slice\(checkpoint\): expected another$/,
    );
    await expect(sliceFromPage(undefined)({ ...asked, label: 'sgd' })).rejects.toThrow(
      /sgd has no checkpoint yet/,
    );
  });

  it('is checked when it comes', () => {
    const asked = { kind: 'slice', method: 1, along: 'eigenvectors' };
    expect(clientMessage(asked)).toEqual(asked);
    expect(() => clientMessage({ ...asked, along: 'x' })).toThrow(/slice\(along\)/);
    expect(() => clientMessage({ ...asked, method: -1 })).toThrow(/slice\(method\)/);
  });
});
