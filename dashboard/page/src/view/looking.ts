import { computed, effect, signal } from '@preact/signals';
import type { Window } from '../../../plot/window.js';
import { ends } from '../charts/picture.js';
import { type Contestant, contestantsOf } from '../data/contestants.js';
import type { Across } from '../data/places.js';
import { across, calmRevision, cursor, hidden, record, revision, zoom } from './state.js';

/** The method that pointer or keyboard brings forward in all charts. */
export const forward = signal<number | undefined>(undefined);
/** The panel whose values the legend reads: the last one that was pointed at. */
export const active = signal<string | undefined>(undefined);
/** Whether the crosshair stays where it was put by a click. */
export const pinned = signal(false);
/** Places whose values are kept beside those at the crosshair, in their order along the axis. */
export const kept = signal<readonly number[]>([]);
const mostKept = 8;

/** Keeps a place, or lets it go again. */
export function keep(place: number): void {
  const others = kept.value.filter((one) => one !== place);
  const all = others.length < kept.value.length ? others : [...others, place].sort((a, b) => a - b);
  kept.value = all.slice(-mostKept);
}

effect(() => {
  across.value;
  kept.value = []; // a place on one axis is none on another
});

/** Whether the x axis is logarithmic where that was chosen by hand. */
export const chosenLogX = signal<boolean | undefined>(undefined);

/** From so many times the steps of the median on, a single method presses all others to the edge of a linear axis. */
const farLonger = 8;

/** Whether the x axis is logarithmic. */
export const logX = computed(() => {
  if (chosenLogX.value !== undefined) return chosenLogX.value;
  calmRevision.value;
  if (!record.ofFunction || record.ended === undefined || across.value !== 'steps') return false;
  const taken = record.methods
    .filter((_, method) => !hidden.value.has(method))
    .map((method) => method.taken)
    .sort((a, b) => a - b);
  return taken.length > 2 && taken.at(-1)! > farLonger * Math.max(1, taken[taken.length >> 1]!);
});

/** Whether runs under several seeds are drawn each by itself, not as a median in a band. */
export const seedsApart = signal(false);

/** The methods under several seeds as one. */
const together = computed(() => {
  calmRevision.value;
  return contestantsOf(record);
});

/** Whether any method runs under several seeds. */
export const hasSeeds = computed(() => together.value.some(({ members }) => members.length > 1));

/** What is drawn as one. */
export const contestants = computed<readonly Contestant[]>(() =>
  seedsApart.value
    ? record.methods.map(({ description: { label } }, method) => ({ label, members: [method] }))
    : together.value,
);

/** The method whose colour and dashes a method is drawn in: the first of its seeds. */
export function lineOf(method: number): number {
  return contestants.value.find(({ members }) => members.includes(method))?.members[0] ?? method;
}

/** What the one that a method leads is called, and how many seeds it has. */
export function contestantOf(method: number): Contestant {
  return (
    contestants.value.find(({ members }) => members[0] === method) ?? {
      label: record.methods[method]!.description.label,
      members: [method],
    }
  );
}

/** How one panel is shown where that was chosen by hand. */
export interface PanelChoice {
  readonly log?: boolean;
  /** The y axis holds spikes and diverged methods too. */
  readonly whole?: boolean;
  /** How many columns wide. */
  readonly columns?: number;
  /** Of its chart, in pixels. */
  readonly height?: number;
  readonly dropped?: boolean;
}

/** The part of a function's landscape that is looked at; undefined for all of it. */
export const lookedAt = signal<Window | undefined>(undefined);

export const choices = signal<Readonly<Record<string, PanelChoice>>>({});
/** The method that maps of lists show. */
export const inspected = signal<number | undefined>(undefined);
/** Which parameter maps of histograms show, counted from 1; 0 for all of them together. */
export const inspectedPart = signal(0);
/** By which column the table is sorted; undefined for the order of the run. */
export const sorting = signal<{ readonly by: string; readonly falling: boolean } | undefined>(undefined);
/** The panel that fills the window. */
export const filling = signal<string | undefined>(undefined);

export function choosePanel(id: string, choice: PanelChoice): void {
  const merged = Object.entries({ ...choices.value[id], ...choice }).filter(
    ([, value]) => value !== undefined,
  );
  const { [id]: _, ...others } = choices.value;
  choices.value = merged.length === 0 ? others : { ...others, [id]: Object.fromEntries(merged) };
}

/** Which x axes this run has anything for. */
export const axesAcross = computed<readonly Across[]>(() => {
  calmRevision.value;
  const counted = record.methods.some(({ points }) => Number.isFinite(points.evaluationsAt.last));
  return [
    'steps',
    ...(record.started?.batch === undefined ? [] : (['examples'] as const)),
    ...(counted ? (['evaluations'] as const) : []),
    'work',
    'seconds',
  ];
});

/** Units of the x axis that a place counts for. */
export function scaleOf(axis: Across): number {
  return axis === 'examples' ? (record.started?.batch ?? 1) : 1;
}

/** All charts show the same stretch, which holds evaluations after the last step too: one crosshair fits them all. */
export function wholeStretch(): readonly [number, number] {
  revision.value;
  const shown = record.methods.filter((_, method) => !hidden.value.has(method));
  const curves = shown.flatMap(({ curves, valueCurve }) => [curves.loss, curves.testLoss, valueCurve]);
  return ends(curves, across.value, logX.value) ?? (logX.value ? [1, 10] : [0, 1]);
}

/** Shows a stretch of the x axis in all charts, no farther out than there is anything. */
export function zoomTo(low: number, high: number): void {
  const [first, last] = wholeStretch();
  const width = Math.min(high - low, last - first);
  if (!(width > 0)) return;
  const from = Math.min(Math.max(low, first), last - width);
  zoom.value = width >= (last - first) * (1 - 1e-9) ? null : { low: from, high: from + width };
}

/** Moves the crosshair, unless it is pinned. */
export function point(place: number | undefined): void {
  if (!pinned.value) cursor.value = place;
}

/** Pins the crosshair at a place, or lets it go. */
export function pin(place: number): void {
  pinned.value = !pinned.value;
  cursor.value = place;
}
