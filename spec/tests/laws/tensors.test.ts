import { beforeAll, describe, expect, it } from 'vitest';
import { type BackendName, tensors, useBackend } from '../../../src/tensors/index.js';
import { check } from '../../check.js';
import { oursIn } from '../../laws/holders.js';
import { seed } from '../../seed.js';

/** Samples a law and method: an operation costs a thousand times what it costs on the host. */
const runs = 5;

describe.each<BackendName>(['cpu', 'wasm'])('the methods in float32 on the %s backend', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  it.each(oursIn(tensors).map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    const before = tensors.live();
    const report = check(subject, { seed, runs });
    for (const law of report.laws) {
      expect(law, `${law.explanation} on ${law.counterexample}`).toMatchObject({ verdict: 'holds', runs });
    }
    expect(tensors.live(), 'tensors left alive').toBe(before);
  });
});
