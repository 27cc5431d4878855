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
  'a connection that died without a word was given up',
  'somebody rude was sent away',
  'a stranger was turned away',
  'the run was paused and went on',
  'the run was stopped',
  'one method of a race failed, and the others went on',
  'a rejected step was restored',
  'a function threw, and all methods stopped where they were',
  'a race went on where its record ended',
  'a race was paused from the page and went on',
  'a race was stopped from the page',
  'a run was begun from a checkpoint of one that went on',
] as const;

export type Sometimes = (typeof sometimes)[number];

export class Violation extends Error {}

/** Where two trails part: their first lines that differ, `undefined` where one has ended. */
export interface Parting {
  readonly line: number;
  readonly one: string | undefined;
  readonly other: string | undefined;
}

/** The first difference of two trails; undefined where they are the same. */
export function parting(one: readonly string[], other: readonly string[]): Parting | undefined {
  for (let line = 0; line < Math.max(one.length, other.length); line++) {
    if (one[line] !== other[line]) return { line, one: one[line], other: other[line] };
  }
  return undefined;
}

/** Takes down what happens in a history: the faults that struck, what was met, and its trail. */
export class Witness {
  readonly struck = new Set<FaultKind>();
  readonly seen = new Set<Sometimes>();
  /** What happened in order, a line a step, with hashes of what there was then: `process 0, step 3  parameters 5f… state …`. */
  readonly trail: string[] = [];

  saw(what: Sometimes): void {
    this.seen.add(what);
  }

  /** Numbers and words that are not long stand as they are, all else by its hash. */
  note(place: string, what: { readonly [part: string]: unknown }): void {
    const parts = Object.entries(what).map(([part, value]) => `${part} ${brief(value)}`);
    this.trail.push([place, ...parts].join('  '));
  }

  /** Of the whole trail: two histories of one seed have the same. */
  digest(): string {
    return hashed(this.trail.join('\n'));
  }

  /** @throws Violation unless it holds */
  holds(what: boolean, otherwise: () => string): void {
    if (!what) throw new Violation(otherwise());
  }
}

function brief(value: unknown): string {
  const isShort = typeof value === 'number' || (typeof value === 'string' && value.length <= 12);
  return isShort ? String(value) : hashed(JSON.stringify(value, plain) ?? 'undefined').slice(0, 12);
}

/** Typed arrays by their bytes, as NaN and −0 would be lost in JSON. */
function plain(_: string, value: unknown): unknown {
  if (!ArrayBuffer.isView(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
