import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { type RaceOptions, type RunEvent, race, readLog } from '../../../dashboard/index.js';
import {
  adam,
  bfgs,
  booth,
  fromFunction,
  gaussNewton,
  gradientDescent,
  levenbergMarquardt,
  momentum,
  rosenbrock,
  strongWolfe,
  trustRegion,
} from '../../../src/index.js';
import { Control, withoutBatches } from '../../../streams/index.js';

const folder = mkdtempSync(join(tmpdir(), 'fluxion-race-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const fresh = () => join(folder, `race-${folders++}`);

const resultOf = (events: ReturnType<typeof race>) =>
  lastValueFrom(events.pipe(filter((event) => event.kind === 'result')));

/** Numbers that time has no part in. */
const timeless = (event: RunEvent): unknown =>
  JSON.parse(
    JSON.stringify(event, (key, value) => (/seconds|milliseconds|created/i.test(key) ? undefined : value)),
  );

const bowl = fromFunction({ name: 'bowl', start: [3, -4], value: (x) => x[0] ** 2 + 2 * x[1] ** 2 });

describe('race in code', () => {
  it('gives the events that its record holds, the run first and the result last', async () => {
    const directory = fresh();
    const events = await lastValueFrom(
      race(rosenbrock(2), ['bfgs', trustRegion()], { directory, steps: 20 }).pipe(toArray()),
    );
    expect(events[0].kind).toBe('run');
    expect(events.at(-1)?.kind).toBe('result');
    const recorded = [...readLog(directory)].map(({ event }) => event);
    const key = (event: unknown) => JSON.stringify(event);
    // The log gathers steps in columns: it may hold them a little later than they were told.
    expect(recorded.map(timeless).map(key).sort()).toEqual(events.map(timeless).map(key).sort());
  });

  it('is the same whether methods and problem are named or made, and writes nothing unless asked to', async () => {
    const [named, made] = await Promise.all([
      resultOf(race('rosenbrock(n=2)', ['bfgs(search=strongWolfe(c2=0.5))', 'bfgs', 'trustRegion'])),
      resultOf(race(rosenbrock(2), [bfgs({ search: strongWolfe({ c2: 0.5 }) }), bfgs(), trustRegion()])),
    ]);
    expect(made.methods.map(({ x, value, steps }) => ({ x, value, steps }))).toEqual(
      named.methods.map(({ x, value, steps }) => ({ x, value, steps })),
    );
    expect(new Set(made.methods.map(({ label }) => label)).size).toBe(3);
    expect(made.methods[2].label).toBe('trustRegion');
    expect(existsSync('runs')).toBe(false);
  });

  it('tells at which angle to −gradient each step on a function goes', async () => {
    const events = await lastValueFrom(
      race('booth', ['gradientDescent(0.01)', 'newton'], { steps: 5 }).pipe(toArray()),
    );
    const cosines = (method: number) =>
      events.flatMap((event) =>
        event.kind === 'step' && event.method === method ? [event.measures?.cosine] : [],
      );
    expect(cosines(0)).toHaveLength(5);
    for (const cosine of cosines(0)) expect(cosine).toBeCloseTo(1, 9);
    expect(cosines(1)[0]).toBeGreaterThan(0);
    expect(cosines(1)[0]).toBeLessThan(0.99);
  });

  it('takes the methods usual for a problem where none are given', async () => {
    const { methods } = await resultOf(race('booth', undefined, { steps: 3 }));
    expect(methods.map(({ name }) => name)).toContain('bfgs');
  });

  it('looks at parameters, histograms and spectrum where it evaluates, and changes no step by that', async () => {
    const curved = fromFunction({
      name: 'bowl',
      start: [3, -4],
      value: (x) => x[0] ** 2 + 2 * x[1] ** 2,
      gradient: (x) => Float64Array.of(2 * x[0], 4 * x[1]),
      hessian: () => Float64Array.of(2, 0, 0, 4),
    });
    const rules = { batches: withoutBatches, steps: 150, seed: 1 };
    const raced = (looks: RaceOptions['looks']) =>
      lastValueFrom(race(curved, [momentum({ learningRate: 0.01 })], { ...rules, looks }).pipe(toArray()));
    const [bare, looked] = await Promise.all([raced(undefined), raced(['spectrum', 'layers', 'histograms'])]);
    const [started] = looked;
    expect(started).toMatchObject({ looks: ['spectrum', 'layers', 'histograms'], parameters: [''] });
    const losses = (events: readonly RunEvent[]) =>
      events.flatMap((event) => (event.kind === 'step' ? [event.loss] : []));
    expect(losses(looked)).toEqual(losses(bare));
    const lists = looked.filter((event) => event.kind === 'list');
    const steps = (name: string) => lists.filter((list) => list.name === name).map(({ step }) => step);
    for (const name of ['gradients', 'updates', 'weights', 'updateToWeight', 'density'])
      expect(steps(name)).toEqual([0, 100]);
    expect(steps('signalToNoise')).toEqual([100]);
    const first = looked.find((event) => event.kind === 'step');
    expect(first?.measures).toMatchObject({ cosine: expect.closeTo(1, 10), largest: expect.closeTo(4, 4) });
    expect(() => race(bowl, [momentum()], { ...rules, looks: ['weights'] as never })).toThrow(
      /race\(looks\)/,
    );
  });

  it('trains a problem on batches, the same for the same seed', async () => {
    const trained = (seed: number) =>
      resultOf(
        race(bowl, [adam({ learningRate: 0.1 }), 'momentum'], { batches: withoutBatches, steps: 30, seed }),
      );
    const [first, again] = await Promise.all([trained(1), trained(1)]);
    expect(first.methods.map(({ label }) => label)).toEqual(['adam', 'momentum']);
    for (const [i, { steps, trainLoss, outcome }] of first.methods.entries()) {
      expect(steps).toBe(30);
      expect(outcome.kind).toBe('budget');
      expect(trainLoss).toBe(again.methods[i].trainLoss);
      expect(trainLoss).toBeLessThan(41);
    }
  });

  it('takes lbfgs for the one on batches where there are batches, and the options and names with it', async () => {
    const on = (methods: readonly string[]) =>
      lastValueFrom(race(bowl, methods, { batches: withoutBatches, steps: 12 }).pipe(toArray()));
    const [events, named] = await Promise.all([
      on(['lbfgs(memory=3),adam', 'lbfgs']),
      on(['batchLbfgs(memory=3),adam', 'batchLbfgs']),
    ]);
    const key = (event: unknown) => JSON.stringify(event);
    // The record too, by which a race goes on; the methods' steps may come in another order.
    expect(events.map(timeless).map(key).sort()).toEqual(named.map(timeless).map(key).sort());
    const labels = events.flatMap((event) => (event.kind === 'run' ? event.methods : []));
    expect(labels.map(({ label }) => label)).toEqual(['batchLbfgs(memory=3)', 'adam', 'batchLbfgs']);
    expect(() => race(bowl, ['lbfgs(memory=-1)'], { batches: withoutBatches })).toThrow('memory');
    await expect(resultOf(race(bowl, ['bfgs'], { batches: withoutBatches }))).rejects.toThrow(
      'minimizes functions alone',
    );
  });

  it('ends at its limits, and says which', async () => {
    const slow = gradientDescent({ learningRate: 1e-5 });
    const limited = [
      [{ steps: 7 }, 'iterations'],
      [{ maxEvaluations: 9 }, 'evaluations'],
      [{ maxSeconds: 1e-9 }, 'seconds'],
    ] as const;
    for (const [limits, word] of limited) {
      const { methods } = await resultOf(race(rosenbrock(2), [slow], limits));
      expect(['budget', 'timeout']).toContain(methods[0].outcome.kind);
      expect(methods[0].outcome.message).toContain(word);
    }
    for (const [limits, steps] of [
      [{ maxEvaluations: 9 }, 9],
      [{ maxSeconds: 1e-9 }, 1],
    ] as const) {
      const { methods } = await resultOf(
        race(bowl, [slow, momentum()], { batches: withoutBatches, ...limits }),
      );
      for (const method of methods) {
        expect(['budget', 'timeout']).toContain(method.outcome.kind);
        expect(method.steps).toBe(steps);
      }
    }
  });

  it('races under several seeds, notes the steps to a target, and obeys its control', async () => {
    const { methods } = await resultOf(race(booth(), ['bfgs'], { seeds: 3, target: 1e-3 }));
    expect(methods.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    for (const { stepsToTarget } of methods) expect(stepsToTarget).toBeGreaterThan(0);
    const control = new Control();
    const events = race(bowl, [adam()], { batches: withoutBatches, control, steps: 1_000_000 });
    setTimeout(() => control.stop(), 20);
    expect((await resultOf(events)).methods[0].outcome.kind).toBe('stopped');
  });

  it('ends where it is when it is unsubscribed from, its record whole so far and its folder free', async () => {
    const directory = fresh();
    const events = race(bowl, [adam()], { batches: withoutBatches, directory, steps: 1_000_000 });
    const steps = await lastValueFrom(
      events.pipe(
        filter((event) => event.kind === 'step'),
        take(250),
        toArray(),
      ),
    );
    const recorded = [...readLog(directory)].map(({ event }) => event);
    expect(recorded.filter(({ kind }) => kind === 'step').map(timeless)).toEqual(steps.map(timeless));
    expect(recorded.filter(({ kind }) => kind === 'checkpoint')).toHaveLength(2);
    expect(recorded.at(-1)?.kind).not.toBe('result');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([...readLog(directory)]).toHaveLength(recorded.length); // nothing comes after
  });

  it('refuses what is wrong at once, and a problem that cannot be raced through the stream', async () => {
    const wrong: [() => unknown, string][] = [
      [() => race(3 as never), "race(problem): expected a name such as 'rosenbrock', a function with name"],
      [() => race('booth', []), "race(methods): expected a list such as ['bfgs', adam()], got none"],
      [
        () => race('booth', 'bfgs' as never),
        "race(methods): expected a list such as ['bfgs', adam()], got 'bfgs'",
      ],
      [() => race('booth', [bfgs as never]), 'got the function bfgs; call it: bfgs()'],
      [() => race('booth', ['bfgz']), 'race(methods): method: expected one of gradientDescent, '],
      [
        () => race('booth', ['bfgs'], { steps: 0.5 }),
        'race(steps): expected a whole number in [1, ∞), got 0.5',
      ],
      [
        () => race('booth', ['bfgs'], { maxSeconds: 0 }),
        'race(maxSeconds): expected a number in (0, ∞], got 0',
      ],
      [() => race('booth', ['bfgs'], { seed: null as never }), 'race(seed): expected a whole number'],
      [() => race('booth', ['bfgs'], { step: 3 } as never), 'race(step): expected one of steps, '],
      [
        () => race('booth', ['bfgs'], { directory: 3 as never }),
        'race(directory): expected the path of a folder, got 3',
      ],
      [
        () => race('booth', ['bfgs'], { control: {} as never }),
        'race(control): expected a Control, got Object',
      ],
      [
        () => race(bowl, ['adam']),
        'race(batches): expected a function from a seed to the batches of the problem, got none',
      ],
      [
        () => race(bowl, ['adam'], { batches: [] as never }),
        'race(batches): expected a function from a seed',
      ],
      [() => race('booth', ['bfgs'], { batches: withoutBatches }), 'race(batches): expected none'],
    ];
    for (const [misuse, message] of wrong) expect(misuse, message).toThrow(message);

    const late: [ReturnType<typeof race>, string][] = [
      [race('bouth'), "did you mean 'booth'?"],
      [race('booth', ['bfgs'], { batch: 10 }), 'race(batch): booth is a function without data'],
      [race('booth', ['bfgs'], { backend: 'cpu' }), 'race(backend): booth is computed on the host'],
      [
        race({ ...booth(), residuals: undefined } as never, [levenbergMarquardt()]),
        'race(methods): levenbergMarquardt needs the residuals',
      ],
      [
        race(bowl, [gaussNewton()], { batches: withoutBatches }),
        'race(methods): gaussNewton minimizes functions alone',
      ],
    ];
    for (const [events, message] of late) await expect(firstValueFrom(events)).rejects.toThrow(message);
    const directory = fresh();
    await resultOf(race('booth', ['bfgs'], { directory }));
    writeFileSync(join(directory, 'mine'), '');
    await expect(firstValueFrom(race('booth', ['bfgs'], { directory }))).rejects.toThrow(
      'race(directory): expected a new',
    );
  });
});
