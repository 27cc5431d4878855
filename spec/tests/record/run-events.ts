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
