import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counting, faultInjecting, float64, poisoning } from '../../../src/index.js';
import { courses } from '../../arbitraries/courses.js';
import { methodOptions } from '../../arbitraries/options.js';
import { seed } from '../../seed.js';
import { ourOptimizers } from '../../subjects/ours.js';
import { flat } from '../../subjects/point.js';
import { savedRide } from '../../subjects/trajectory.js';

const course = fc.sample(
  courses({ shapes: () => [[2, 2], [], [3]], steps: { min: 3, max: 3 }, zeros: false }),
  { seed, numRuns: 1 },
)[0];
const subjects = ourOptimizers(float64).map(({ method }) => method);
const named = (algebra: typeof float64, method: string) =>
  ourOptimizers(algebra).find((subject) => subject.method === method)!;

/** All numbers that leave the run: updates, states and measures. */
function outcome(algebra: typeof float64, method: string): number[] {
  return float64.scope(() => {
    const { updates, states, measures } = savedRide(
      named(algebra, method).create({}),
      course,
      float64.epsilon,
    );
    return [...updates.flatMap((update) => [...flat(update)]), ...numbers(states), ...measures];
  });
}

describe('no method swallows a NaN or reads a freed array', () => {
  it.each(subjects)('%s: a NaN in any operation reaches the updates or the state', (method) => {
    for (let at = 0; ; at++) {
      const faulty = faultInjecting(float64, { at, value: Number.NaN });
      const got = outcome(faulty, method);
      expect(got.some(Number.isNaN), `NaN in operation ${at}`).toBe(faulty.injected());
      if (!faulty.injected()) break;
    }
  });

  it.each(subjects)('%s: runs under an arithmetic that throws on late reads', (method) => {
    const strict = poisoning(float64);
    fc.assert(
      fc.property(methodOptions(method), courses(), (chosen, drawn) => {
        const optimizer = named(strict, method).create(chosen);
        const expected = float64.scope(
          () => savedRide(named(float64, method).create(chosen), drawn, 2 ** -52).updates,
        );
        const got = strict.scope(() => savedRide(optimizer, drawn, 2 ** -52).updates);
        expect(got.map(flat)).toEqual(expected.map(flat));
      }),
      { seed, numRuns: 20 },
    );
    strict.drain();
  });

  it('no method but those that solve waits for a number from the device', () => {
    const solving = ['newton', 'naturalGradient', 'psgdKron'];
    for (const method of subjects.filter((name) => !solving.includes(name))) {
      const counted = counting(float64);
      float64.scope(() => {
        savedRide(named(counted, method).create({}), course, 2 ** -52);
      });
      expect(counted.counts.get('number') ?? 0, method).toBe(0);
    }
  });
});

function numbers(plain: unknown): number[] {
  if (typeof plain === 'number') return [plain];
  if (plain === null || typeof plain !== 'object') return [];
  if (ArrayBuffer.isView(plain)) return [...(plain as Float64Array)];
  return Object.values(plain).flatMap(numbers);
}
