import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, type MonoTypeOperatorFunction, map, pipe, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type Algebra,
  counting,
  float64,
  type HostArray,
  lamb,
  leaves,
  type MeasureDescription,
  mapTree,
  type Readings,
} from '../../../src/index.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';
import type { Measure, Transform } from '../../../src/transforms/index.js';
import * as pure from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { lineFit, points } from './line-fit.js';

type Pipeline<T = HostArray> = MonoTypeOperatorFunction<s.Frame<T>>;

function run<T>(algebra: Algebra<T>, pipeline: Pipeline<T>, steps = 6) {
  const source = s.batches(points(algebra), { size: 3, seed: 2 });
  return s.train(lineFit(algebra), source, pipeline, { steps, seed: 4 });
}

const told = <T>(algebra: Algebra<T>, pipeline: Pipeline<T>): Promise<Readings[]> =>
  lastValueFrom(
    run(algebra, pipeline).pipe(
      map(({ measures }) => measures),
      toArray(),
    ),
  );

/** Reports what `measure` makes of the update, under `name`. */
const reporting = (
  name: string,
  kind: MeasureDescription['kind'],
  measure: <T>(algebra: Algebra<T>, update: T[]) => Measure<T>,
): Transform => ({
  name: 'reporting',
  options: {},
  measures: [{ name, kind, meaning: 'for a test' }],
  init: () => null,
  update: ({ algebra, update }) => ({
    update,
    state: null,
    measures: { [name]: measure(algebra, leaves(algebra, update)) },
  }),
});

const sum = reporting('sum', 'number', (algebra, update) =>
  update.map((u) => algebra.sum(u)).reduce((total, term) => algebra.add(total, term)),
);

describe('measures', () => {
  it('are what the transforms made in this very step, as numbers on the host', async () => {
    const schedule = pure.exponential({ from: 0.1, factor: 0.5 });
    const expected: Readings[] = [];
    const seen: Readings[] = [];
    const pipeline: Pipeline = pipe(
      s.gradient(),
      tap(({ gradient }) => {
        const norm = Math.hypot(...leaves(float64, gradient).map((leaf) => float64.number(leaf)));
        expected.push({ kept: Math.min(1, 0.25 / norm), rate: 0.1 * 0.5 ** expected.length });
      }),
      s.clipByNorm(0.25),
      s.learningRate(schedule),
    );
    const snapshots = await lastValueFrom(
      run(float64, pipeline).pipe(
        tap(({ measures }) => seen.push(measures)),
        s.snapshot(),
        toArray(),
      ),
    );
    expect(snapshots.map(({ measures }) => measures)).toEqual(seen);
    expect(seen.map(({ rate }) => rate)).toEqual(expected.map(({ rate }) => rate));
    expect(seen.some(({ kept }) => (kept as number) < 1)).toBe(true);
    seen.forEach(({ kept }, k) => {
      // A norm of two entries, a quotient: a few roundings.
      expect(Math.abs((kept as number) / (expected[k].kept as number) - 1)).toBeLessThan(8 * 2 ** -52);
    });
  });

  it('are lists too: of an array, of 0-d arrays, of numbers', async () => {
    const whole = reporting('whole', 'list', (algebra) => algebra.array([3, 1, 2], [3]));
    const each = reporting('each', 'list', (algebra, update) =>
      update.map((u) => algebra.abs(algebra.sum(u))),
    );
    const plain = reporting('plain', 'list', () => [4, Number.NaN]);
    for (const readings of await told(
      float64,
      pipe(s.gradient(), s.lift(whole), s.lift(each), s.lift(plain), s.learningRate(0.1)),
    )) {
      expect(readings).toMatchObject({ whole: [3, 1, 2], plain: [4, Number.NaN] });
      expect(readings.each).toHaveLength(2);
    }
  });

  it('have the names that a chain gives, however it is bracketed', async () => {
    const [a, b, c] = [pure.clipByNorm(1), pure.clipByNorm(0.5), pure.clipByNorm(0.25)];
    const rest = pure.learningRate(pure.constant(0.1));
    const bracketed: Pipeline[] = [
      pipe(s.gradient(), s.lift(a), s.lift(b), s.lift(c), s.lift(rest)),
      pipe(s.gradient(), s.lift(pure.chain(a, b, c, rest))),
      pipe(s.gradient(), s.lift(a), s.lift(pure.chain(b, c)), s.lift(rest)),
      pipe(s.gradient(), s.lift(pure.chain(a, pure.chain(b, c))), s.lifted(pure.chain(rest))),
    ];
    const all = await Promise.all(bracketed.map((pipeline) => told(float64, pipeline)));
    expect(Object.keys(all[0][0])).toEqual(['kept', 'kept 2', 'kept 3', 'rate']);
    expect(new Set(Object.values(all[0][0])).size).toBeGreaterThan(1);
    for (const readings of all) expect(readings).toEqual(all[0]);
  });

  it('keep their names inside a mask, and are told apart by their group where groups report the same', async () => {
    const masked = pure.masked(pure.clipByNorm(1e-3), (path) => path === 'w');
    const grouped = pure.grouped((path) => path, {
      w: pure.chain(pure.clipByNorm(1), sum),
      b: pure.clipByNorm(2),
    });
    expect(masked.measures?.map(({ name }) => name)).toEqual(['kept']);
    expect(grouped.measures?.map(({ name }) => name)).toEqual(['w/kept', 'sum', 'b/kept']);
    const [first] = await told(
      float64,
      pipe(s.gradient(), s.lift(masked), s.lift(grouped), s.learningRate(0.1)),
    );
    expect(Object.keys(first)).toEqual(['kept', 'w/kept', 'sum', 'b/kept']);
    expect(first.kept).toBeLessThan(1);
    expect(first['w/kept']).toBe(1);
  });

  it('are described by the operators, under the names the frames give', async () => {
    const { operators, measures } = await lastValueFrom(
      run(
        float64,
        pipe(s.gradient(), s.clipByNorm(1), s.momentum(0.5), s.lift(pure.clipByNorm(2)), s.learningRate(0.1)),
      ),
    );
    expect(operators.map(({ measures }) => measures.map(({ name, kind }) => [name, kind]))).toEqual([
      [],
      [['kept', 'number']],
      [],
      [['kept 2', 'number']],
      [],
    ]);
    expect(Object.keys(measures)).toEqual(['kept', 'kept 2']);
  });

  it('come from a named method: the trust ratios of LAMB', async () => {
    for (const readings of await told(float64, pipe(s.gradient(), s.lifted(lamb())))) {
      const { 'smallest trust ratio': least, 'largest trust ratio': most } = readings;
      expect(least).toBeGreaterThan(0);
      expect(most).toBeGreaterThanOrEqual(least as number);
    }
  });

  it('are told of a step that an operator ended, and of one that was not finite', async () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const spoiling: Transform = {
        ...sum,
        update: (context, state) =>
          sum.update({ ...context, update: spoilt(context.algebra, context.update, wrong) }, state),
      };
      const [measures] = await told(float64, pipe(s.gradient(), s.lift(spoiling)));
      expect(measures.sum).not.toBe(0);
      expect(Number.isFinite(measures.sum)).toBe(false);
    }
    const ending: Transform = {
      ...sum,
      update: (context, state) => ({
        ...sum.update(context, state),
        outcome: { kind: 'diverged', message: 'enough' },
      }),
    };
    expect(await told(float64, pipe(s.gradient(), s.lift(ending)))).toEqual([{ sum: expect.any(Number) }]);
  });

  it('that are not described are misuse', async () => {
    const silent: Transform = { ...sum, measures: undefined };
    const [alone, chained] = [s.lift(silent), s.lift(pure.chain(silent, pure.learningRate(1)))];
    await expect(told(float64, pipe(s.gradient(), alone))).rejects.toThrow(
      'step 0, reporting: measures(sum): expected a measure that is described (none)',
    );
    await expect(told(float64, pipe(s.gradient(), chained))).rejects.toThrow('measures(sum)');
  });

  it('cost one read each, and nothing where there are none', async () => {
    const reads = async (pipeline: Pipeline) => {
      const counted = counting(float64);
      const counts = await lastValueFrom(
        run(counted, pipeline).pipe(
          map(() => counted.reads()),
          toArray(),
        ),
      );
      return counts.slice(1, -1).map((count, k) => count - counts[k]); // in the last, the memory is looked at
    };
    const plain = pipe(s.gradient(), s.momentum(0.9), s.learningRate(0.1));
    expect(await reads(plain)).toEqual(Array(4).fill(3)); // loss and two norms
    expect(await reads(pipe(plain, s.clipByNorm(1)))).toEqual(Array(4).fill(4));
    expect(await reads(pipe(plain, s.learningRate(pure.constant(1))))).toEqual(Array(4).fill(3));
  });

  it('keep as many tensors after every step, and none at the end', async () => {
    await useBackend('cpu');
    const before = tf.memory().numTensors;
    const list = reporting('list', 'list', (algebra, update) => update.map((u) => algebra.sum(u)));
    const counts: number[] = [];
    await lastValueFrom(
      run(
        tensors,
        pipe(s.gradient(), s.clipByNorm(0.1), s.lift(list), s.trustRatio(), s.learningRate(0.1)),
        20,
      ).pipe(tap(() => void counts.push(tf.memory().numTensors))),
    );
    expect(counts).toHaveLength(20);
    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('change nothing of the path', async () => {
    const path = (pipeline: Pipeline) =>
      lastValueFrom(
        run(float64, pipeline).pipe(
          map(({ nextParameters }) => leaves(float64, nextParameters).map((leaf) => float64.number(leaf))),
          toArray(),
        ),
      );
    const without = await path(pipe(s.gradient(), s.learningRate(0.1)));
    expect(await path(pipe(s.gradient(), s.lift(sum), s.learningRate(0.1)))).toEqual(without);
  });
});

function spoilt<T>(algebra: Algebra<T>, update: Parameters<typeof mapTree<T>>[2], wrong: number) {
  return mapTree(algebra, (u) => algebra.fill(algebra.shape(u), wrong), update);
}
