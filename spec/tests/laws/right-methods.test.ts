import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { float64 } from '../../../src/index.js';
import { check } from '../../check.js';
import { onTheHost } from '../../holders.js';
import { catalogue } from '../../laws/catalogue.js';
import { seed } from '../../seed.js';

/** Samples a law and subject. */
const runs = 60;

/**
 * The worst ratio of deviation to tolerance that each law has shown under this seed. A change by more than a
 * factor of two either way is a change of the arithmetic or of the law and has to be looked at; libraries of
 * elementary functions differ by less. Record anew with FLUXION_RECORD=1.
 */
const recordFile = new URL('./worst.json', import.meta.url);
const drift = 2;
/** Ratios below this are rounding of rounding and may wander. */
const negligible = 1e-3;
const recording = process.env.FLUXION_RECORD === '1';
const recorded: Record<string, number> = recording ? {} : JSON.parse(readFileSync(recordFile, 'utf8'));
const worst = new Map<string, number>();

const subjects = onTheHost();

describe('every right method obeys every law it claims', () => {
  it.each(subjects.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    const before = float64.live();
    const report = check(subject, { seed, runs });
    expect(report.laws.length).toBeGreaterThan(0);
    for (const law of report.laws) {
      expect(law, `${law.explanation} on ${law.counterexample}`).toMatchObject({ verdict: 'holds', runs });
      worst.set(law.id, Math.max(worst.get(law.id) ?? 0, law.worst));
    }
    expect(float64.live(), 'arrays left alive').toBe(before);
  });

  it('tries every law of the catalogue', () => {
    expect([...worst.keys()].sort()).toEqual(catalogue.map(({ id }) => id).sort());
  });

  it('shows the worst ratios that were recorded, within a factor of two', () => {
    for (const [id, ratio] of recording ? [] : worst) {
      const then = Math.max(recorded[id] ?? Number.NaN, negligible);
      const now = Math.max(ratio, negligible);
      expect(now / then, `law ${id}: recorded ${recorded[id]}, now ${ratio}`).toBeLessThanOrEqual(drift);
      expect(then / now, `law ${id}: recorded ${recorded[id]}, now ${ratio}`).toBeLessThanOrEqual(drift);
    }
  });

  afterAll(() => {
    if (!recording) return;
    const lines = Object.fromEntries(
      catalogue.map(({ id }) => [id, Number((worst.get(id) ?? 0).toPrecision(3))]),
    );
    writeFileSync(recordFile, `${JSON.stringify(lines, null, 2)}\n`);
  });
});
