import { describe, expect, it } from 'vitest';
import { check } from '../../check.js';
import { seed } from '../../seed.js';
import { strangerOptimizers } from '../../strangers/optimizers.js';

const strangers = await strangerOptimizers();

describe('no law is broken by a right method of a stranger, which answers points', () => {
  it.each(strangers.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    const { laws } = check(subject, { seed, runs: 20 });
    const found = laws.filter(({ verdict }) => verdict !== 'holds' && verdict !== 'does not apply');
    expect(found.map(({ id, explanation }) => [id, explanation])).toEqual([]);
    expect(laws.find(({ id }) => id === 'A')).toMatchObject({ verdict: 'holds', runs: 20 });
  });
});
