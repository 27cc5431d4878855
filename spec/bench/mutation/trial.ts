import fc from 'fast-check';
import type { Law } from '../../laws/law.js';
import type { Subject } from '../../subjects/subject.js';

/** One law held against one subject, and what it did while nothing was wrong. */
export interface Trial {
  readonly subject: Subject;
  readonly law: Law;
}

export interface Tried {
  readonly broken?: string;
  /** Of all ratios in order: another one tells that something was computed differently. */
  readonly fingerprint: number;
  readonly milliseconds: number;
}

/** Runs a law to its first broken sample, without looking for a smaller one. */
export function tryLaw({ subject, law }: Trial, seed: number, runs: number): Tried {
  const begin = performance.now();
  let fingerprint = 0x811c9dc5;
  const bits = new DataView(new ArrayBuffer(8));
  const property = law.property(subject, (ratio) => {
    bits.setFloat64(0, ratio);
    for (let i = 0; i < 8; i++) fingerprint = Math.imul(fingerprint ^ bits.getUint8(i), 0x01000193) >>> 0;
  });
  const details = fc.check(property, { seed, numRuns: runs, endOnFailure: true });
  const { errorInstance } = details;
  const message =
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance ?? 'too few samples fit');
  return {
    ...(details.failed && { broken: message.split('\n')[0] }),
    fingerprint,
    milliseconds: performance.now() - begin,
  };
}
