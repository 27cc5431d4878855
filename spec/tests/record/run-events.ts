import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import type { RunEvent, RunStarted, StepTaken } from '../../../dashboard/record/events.js';

/** A directory that is gone after the test; in memory where that is possible, for `close` waits for the disk. */
export function directory(): string {
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'fluxion-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export const run: RunStarted = {
  kind: 'run',
  run: 'a run',
  problem: 'rosenbrock',
  created: '2026-01-01T00:00:00Z',
  seed: 1,
  steps: 10,
  methods: [{ name: 'adam', label: 'adam', options: { beta1: 0.9 }, operators: [] }],
};

/** A run whose methods measure numbers and a list of their own, and other methods nothing. */
export const measuringRun: RunStarted = {
  ...run,
  methods: ['ratio', 'damping'].map((name) => ({
    ...run.methods[0],
    measures: [
      { name, kind: 'number', meaning: 'a number' },
      { name: 'spectrum', kind: 'list', meaning: 'a list' },
      { name: 'sometimes', unit: 's', kind: 'number', meaning: 'a number that few steps make' },
    ],
  })),
};

/** The names of the numbers a method of `measuringRun` measures of its own. */
export const numbersOf = (method: number) => (method < 2 ? [['ratio', 'damping'][method], 'sometimes'] : []);

export function step(number: number, loss = 1 / (1 + number), method = 0): StepTaken {
  return {
    kind: 'step',
    method,
    step: number,
    seconds: number / 1000,
    loss,
    gradientNorm: 2 * loss,
    updateNorm: loss / 2,
    milliseconds: 1,
  };
}

/** Any number, the ones JSON has no word for not seldom. */
export const anyNumber = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, -0) },
  { weight: 1, arbitrary: fc.double() },
);

const plain = { noNullPrototype: true };

export const anyStep: fc.Arbitrary<StepTaken> = fc.record(
  {
    kind: fc.constant('step' as const),
    method: fc.nat(3),
    step: fc.oneof(fc.nat(300), fc.maxSafeNat()),
    seconds: anyNumber,
    loss: anyNumber,
    gradientNorm: anyNumber,
    updateNorm: anyNumber,
    milliseconds: anyNumber,
  },
  plain,
);

/** A step of `measuringRun`: each number of its method's own made or not. */
export const anyMeasuringStep: fc.Arbitrary<StepTaken> = fc
  .tuple(anyStep, fc.array(fc.option(anyNumber), { minLength: 2, maxLength: 2 }))
  .map(([event, readings]) => {
    const made = numbersOf(event.method).flatMap((name, i) =>
      readings[i] === null ? [] : [[name, readings[i]]],
    );
    return made.length === 0 ? event : { ...event, measures: Object.fromEntries(made) };
  });

const anyList: fc.Arbitrary<RunEvent> = fc.record(
  {
    kind: fc.constant('list' as const),
    method: fc.nat(1),
    step: fc.nat(300),
    seconds: anyNumber,
    name: fc.constant('spectrum'),
    values: fc.array(anyNumber, { maxLength: 20 }),
  },
  plain,
);

const anyRare: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('evaluation' as const),
      method: fc.nat(3),
      step: fc.nat(300),
      seconds: anyNumber,
      loss: anyNumber,
    },
    plain,
  ),
  fc.record(
    {
      kind: fc.constant('point' as const),
      method: fc.nat(3),
      step: fc.nat(300),
      x: fc.array(anyNumber, { maxLength: 3 }),
      value: anyNumber,
    },
    plain,
  ),
  // A text of this length is longer than a segment of the log.
  fc.record(
    {
      kind: fc.constant('checkpoint' as const),
      method: fc.nat(3),
      step: fc.nat(300),
      seconds: anyNumber,
      file: fc.oneof(
        { weight: 9, arbitrary: fc.string({ unit: 'binary' }) },
        { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 150_000 }).map((n) => 'é'.repeat(n / 2)) },
      ),
    },
    plain,
  ),
);

export const anyEvent = fc.oneof({ weight: 3, arbitrary: anyStep }, { weight: 1, arbitrary: anyRare });

export const anyMeasuringEvent = fc.oneof(
  { weight: 3, arbitrary: anyMeasuringStep },
  { weight: 1, arbitrary: fc.oneof(anyList, anyRare) },
);
