import { createHash } from 'node:crypto';
import type { FaultKind } from './faults.js';

/** What a campaign has to have met: one that did not has proved nothing about it. */
export const sometimes = [
  'a NaN ended the run, told with its stage',
  'a root failed, and the last one served',
  'a thread died or was late, which ended the run in words',
  'late work was waited for',
  'a torn log was repaired',
  'a full disk was told, and the run went on',
  'a lying disk was found out in words',
  'a damaged checkpoint was refused in words',
  'a process went on from a checkpoint',
  'power was cut between two writes',
  'the subscriber left inside next',
  'a slow client was waited for, and caught up',
  'a client came again, and missed nothing',
  'the run was paused and went on',
  'the run was stopped',
] as const;

export type Sometimes = (typeof sometimes)[number];

export class Violation extends Error {}

/** Takes down what happens in a history: the faults that struck, what was met, and a digest of it all. */
export class Witness {
  readonly struck = new Set<FaultKind>();
  readonly seen = new Set<Sometimes>();
  readonly #digest = createHash('sha256');

  saw(what: Sometimes): void {
    this.seen.add(what);
  }

  note(...what: readonly unknown[]): void {
    this.#digest.update(JSON.stringify(what));
  }

  /** Of all that was noted: two histories of one seed have the same. */
  digest(): string {
    return this.#digest.copy().digest('hex');
  }

  /** @throws Violation unless it holds */
  holds(what: boolean, otherwise: () => string): void {
    if (!what) throw new Violation(otherwise());
  }
}
