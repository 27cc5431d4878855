import { expect, test } from 'vitest';
import { float64 } from '../../../src/index.js';
import {
  constant,
  cosine,
  exponential,
  learningRate,
  linearWarmup,
  stepwise,
} from '../../../src/transforms/index.js';
import { numbers, once, vector } from '../methods/plain-loop.js';

const values = (schedule: { at(count: number): number }, count: number) =>
  Array.from({ length: count }, (_, k) => schedule.at(k));

test('each schedule has the rates of its formula', () => {
  expect(values(constant(0.5), 3)).toEqual([0.5, 0.5, 0.5]);
  expect(values(exponential({ from: 2, factor: 0.5 }), 4)).toEqual([2, 1, 0.5, 0.25]);
  expect(values(stepwise({ from: 1, factor: 0.5, every: 2 }), 6)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
  const falling = cosine({ from: 3, to: 1, steps: 4 });
  [3, 2 + Math.SQRT1_2, 2, 2 - Math.SQRT1_2, 1, 1].forEach((rate, k) => {
    expect(falling.at(k)).toBeCloseTo(rate, 14);
  });
  expect(cosine({ from: 1, steps: 10 }).at(1_000)).toBe(0);
});

test('a warm-up climbs in equal parts and hands over without a jump back', () => {
  const rates = values(linearWarmup({ steps: 3, schedule: stepwise({ from: 4, factor: 0.5, every: 1 }) }), 6);
  expect(rates).toEqual([1, 2, 3, 4, 2, 1]);
});

test('the learning rate counts its own updates, in its state', () => {
  const rate = learningRate(exponential({ from: 1, factor: 0.5 }));
  const u = vector(8);
  let state = rate.init(u, float64);
  const seen: number[] = [];
  for (let k = 0; k < 3; k++) {
    const step = once(rate, u, u, float64, state);
    seen.push(...numbers(step.update));
    state = step.state;
  }
  expect(seen).toEqual([-8, -4, -2]);
  expect(state).toEqual({ count: 3 });
  expect(rate.options).toEqual({ rate: { schedule: 'exponential', from: 1, factor: 0.5 } });
});

test.each([
  [
    () => learningRate([1] as never),
    'learningRate(rate): expected a number in [0, ∞) or a schedule, got [1]',
  ],
  [() => cosine({ from: 1, too: 0.1, steps: 3 } as never), 'cosine(too): expected one of from, to, steps'],
  [() => cosine(undefined as never), 'cosine(options): expected an object, got undefined'],
  [() => exponential({ from: 1, factor: 1.5 }), 'exponential(factor): expected a number in (0, 1], got 1.5'],
  [
    () => stepwise({ from: 1, factor: 0.5, every: 0.5 }),
    'stepwise(every): expected a whole number in [1, ∞), got 0.5',
  ],
  [() => cosine({ from: -1, steps: 3 }), 'cosine(from): expected a number in [0, ∞), got -1'],
  [
    () => linearWarmup({ steps: 3, schedule: 1 as never }),
    'linearWarmup(schedule): expected a schedule, got 1',
  ],
])('misuse %# is told at once', (wrong, message) => {
  expect(wrong).toThrow(message);
});
