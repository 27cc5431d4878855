import { computed, signal } from '@preact/signals';
import type { Across } from '../data/places.js';
import { RunRecord } from '../data/run-record.js';
import type { Standing } from '../live/feed.js';
import type { LinkState } from '../live/link.js';

/** What is known of the run; read it only after reading `revision`, which tells when it has changed. */
export const record = new RunRecord();

/** Grows at most 20 times a second while events arrive: charts follow it. */
export const revision = signal(0);

/** Grows at most 4 times a second: numbers to be read follow it, so that they hold still. */
export const calmRevision = signal(0);

export const link = signal<LinkState>('connecting');
/** What the server says of the run. */
export const standing = signal<Standing>({ live: false, control: false, caughtUp: false, notice: '' });
/** Why the connection was refused, in a sentence. */
export const refusal = signal('');

export const across = signal<Across>('steps');
/** The smoothing chosen by hand. */
export const chosenSpan = signal<number | undefined>(undefined);
/** Over about how many steps curves are averaged; 1 for not at all, as where no batches make them noisy. */
export const span = computed(() => {
  calmRevision.value;
  const { batch, smoothing = batch === undefined ? 1 : 20 } = record.started ?? {};
  return chosenSpan.value ?? smoothing;
});
/** The stretch of the x axis that all charts show; null for everything. */
export const zoom = signal<{ readonly low: number; readonly high: number } | null>(null);
/** Where the crosshair of all charts stands on the x axis. */
export const cursor = signal<number | undefined>(undefined);
/** The step at which the paths are looked at; undefined for the newest. */
export const chosenStep = signal<number | undefined>(undefined);
/** The method that shows how it came to that step. */
export const focused = signal<number | undefined>(undefined);
export const hidden = signal<ReadonlySet<number>>(new Set());

export const visible = computed(() => {
  calmRevision.value;
  return record.methods.map((_, index) => index).filter((index) => !hidden.value.has(index));
});

/** Hides some methods, or shows them where all of them are hidden. */
export function toggle(methods: readonly number[]): void {
  const next = new Set(hidden.value);
  const shown = methods.some((method) => !next.has(method));
  for (const method of methods) shown ? next.add(method) : next.delete(method);
  hidden.value = next;
}

/** Shows some methods alone; once more shows all again. */
export function solo(methods: readonly number[]): void {
  const others = record.methods.map((_, index) => index).filter((index) => !methods.includes(index));
  const alone =
    !methods.some((method) => hidden.value.has(method)) && others.every((index) => hidden.value.has(index));
  hidden.value = new Set(alone ? [] : others);
}

export function choose(next: Across): void {
  across.value = next;
  zoom.value = null;
  cursor.value = undefined;
}
