import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adam, float64, gradientDescent } from '../../../src/index.js';
import { check } from '../../check.js';
import { law } from '../../laws/law.js';
import { atMost, backward, bitwise, comparable, forward, statistical } from '../../laws/tolerance.js';
import { mutants } from '../../mutants/index.js';
import { subjectOf } from '../../subjects/adapt.js';
import { ourComposition } from '../../subjects/ours.js';

describe('check', () => {
  it('reports what holds, with its worst ratio and runs', () => {
    const report = check(subjectOf(float64, 'adam', adam), { runs: 50, seed: 3, laws: ['48', '50'] });
    expect(report).toMatchObject({ subject: 'adam (float64)', holds: true });
    expect(report.laws.map(({ id, verdict, runs }) => [id, verdict, runs])).toEqual([
      ['48', 'holds', 50],
      ['50', 'holds', 50],
    ]);
    for (const { worst } of report.laws) expect(worst).toBeLessThanOrEqual(1);
  });

  it('reports what breaks, minimal and replayable, the same for the same seed', () => {
    const { subject } = mutants.find(({ id }) => id === 'adam-correction-accumulates')!;
    const [broken] = check(subject, { seed: 5 }).laws;
    expect(broken).toMatchObject({ id: '50', verdict: 'broken', replay: { seed: 5 } });
    expect(broken.counterexample).toContain('"steps":2');
    expect(broken.worst).toBeGreaterThan(1);
    expect(check(subject, { seed: 5 }).laws[0]).toEqual(broken);
  });

  it('tells an optimizer that throws from one that breaks a law, in its own words', () => {
    const thrower = subjectOf(float64, 'adam', () => ({
      ...adam(),
      update() {
        throw new Error('out of luck');
      },
    }));
    const [first] = check(thrower, { laws: ['U1'] }).laws;
    expect(first).toMatchObject({ verdict: 'broken', explanation: 'out of luck' });
  });

  it('passes over laws of another kind and refuses unknown ones', () => {
    const [other] = check(ourComposition(float64), { laws: ['50', '61'], runs: 5 }).laws;
    expect(other).toMatchObject({ verdict: 'does not apply', runs: 0 });
    expect(() => check(ourComposition(float64), { laws: ['none'] })).toThrow(
      'check(laws): there is no law none',
    );
  });

  it('does not call a law held whose samples were all discarded', () => {
    const discarded = fc.check(
      law({
        id: '0',
        name: 'never tried',
        statement: '',
        tolerance: 'B',
        source: '',
        kind: 'optimizer',
        sample: () => fc.constant(0),
        measure: () => {
          fc.pre(false);
          return [];
        },
      }).property(subjectOf(float64, 'adam', adam)),
    );
    expect(discarded.failed).toBe(true);
  });
});

describe('tolerances', () => {
  it('bitwise: −0 is 0, NaN is NaN, nothing else is excused', () => {
    expect(bitwise('x', [0, Number.NaN], [-0, Number.NaN]).ratio).toBe(0);
    expect(bitwise('x', 1, 1 + 2 ** -52).ratio).toBe(Number.POSITIVE_INFINITY);
    expect(bitwise('x', [1], [1, 2]).ratio).toBe(Number.POSITIVE_INFINITY);
    expect(bitwise('x', Number.NaN, 0).ratio).toBe(Number.POSITIVE_INFINITY);
  });

  it('put the threshold where they say', () => {
    const epsilon = 2 ** -52;
    expect(backward('r', 30 * 2 * 3 * epsilon, 2, 3, epsilon).ratio).toBe(1);
    expect(forward('e', 30 * 2 * 3 * 10 * epsilon, 2, 3, 10, epsilon).ratio).toBe(1);
    expect(atMost('a', 1 + 16 * epsilon, 1, 1, epsilon, 1).ratio).toBe(1);
    expect(atMost('a', 1, 1, 1, epsilon, 1).ratio).toBe(0);
    expect(statistical('z', -6).ratio).toBe(1);
    expect(comparable(10, 1e10, epsilon) && !comparable(10, 1e12, epsilon)).toBe(true);
  });

  it('never excuse a NaN, nor an error where none is allowed', () => {
    expect(backward('r', Number.NaN, 1, 1, 1).ratio).toBe(Number.POSITIVE_INFINITY);
    expect(atMost('a', Number.NaN, 1, 1, 1, 1).ratio).toBe(Number.POSITIVE_INFINITY);
    expect(backward('r', 1e-300, 0, 1, 2 ** -52).ratio).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a subject without laws', () => {
  it.each([[[]], [['61']], [['61', '10']]])('is an error, never held: laws %j', (laws) => {
    const subject = subjectOf(float64, 'adam', adam);
    expect(() => check(subject, { laws })).toThrow(
      /check\(laws\): expected laws that adam \(float64\) is to obey, got /,
    );
  });

  it('is what a misspelt name makes', () => {
    expect(() => check(subjectOf(float64, 'adma', adam))).toThrow(
      'check(laws): expected laws that adma (float64) is to obey, got none; of optimizers there are U1, ',
    );
  });

  it('is not what an alias makes', () => {
    const names = ['gradientDescent', 'sgd'].map((name) => subjectOf(float64, name, gradientDescent).claims);
    expect(names[1]).toEqual(names[0]);
    expect(check(subjectOf(float64, 'sgd', gradientDescent), { runs: 5 }).laws.length).toBeGreaterThan(5);
  });
});
