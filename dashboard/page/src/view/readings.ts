import { wordsFor } from '../../../record/outcome-words.js';
import { type PanelKind, panelsOf, startsLogarithmic } from '../charts/panels.js';
import type { Subject } from '../charts/picture.js';
import type { Curve } from '../data/curve.js';
import { count, duration } from '../data/format.js';
import type { Across } from '../data/places.js';
import { SeedBand } from '../data/seed-band.js';
import { curveOf } from './closer.js';
import { active, choices, contestantOf, contestants, scaleOf } from './looking.js';
import { across, cursor, hidden, record, span } from './state.js';

/** Panels once made, of which run: a chart is set up anew where its panel is another, and so they stay the same. */
let made: { readonly of: string; readonly kinds: Map<string, PanelKind> } | undefined;

/** The panels that are not dropped, and those that are. */
export function panels(): { readonly shown: readonly PanelKind[]; readonly dropped: readonly PanelKind[] } {
  const of = `${record.started?.run} ${record.methods.map(({ minimum }) => minimum)}`;
  if (made?.of !== of) made = { of, kinds: new Map() };
  const { kinds } = made;
  const all = panelsOf(record).map((kind) => {
    const before = kinds.get(kind.id);
    if (before === undefined) kinds.set(kind.id, kind);
    return before ?? kind;
  });
  const isDropped = ({ id }: PanelKind) => choices.value[id]?.dropped === true;
  return { shown: all.filter((kind) => !isDropped(kind)), dropped: all.filter(isDropped) };
}

export function isLogarithmic(kind: PanelKind): boolean {
  return kind.log && (choices.value[kind.id]?.log ?? startsLogarithmic(kind, record.methods));
}

/** Over how many steps a panel's curves are smoothed. */
export function spanOf(kind: PanelKind): number {
  return kind.exact || isSparse(kind) ? 1 : span.value;
}

/** From so many steps from one value to the next on, each is drawn as it is: there is nothing to smooth. */
const farApart = 5;

/** Whether a quantity is measured now and then. */
export function isSparse({ curve }: PanelKind): boolean {
  return record.methods.some((method) => {
    const { places, raw } = curve(method) ?? method.valueCurve;
    const { steps, length } = places;
    if (places === method.places || length < 2 || raw.hasBuckets(0, length)) return false;
    return steps.last - steps.at(0) >= farApart * (length - 1);
  });
}

/** What is drawn of a panel: the curves of the methods shown, those of several seeds as a median in a band. */
export function subjectsOf(kind: PanelKind): Subject[] {
  return contestants.value.flatMap(({ members }): Subject[] => {
    const shown = members.filter((method) => !hidden.value.has(method));
    const curves = shown.flatMap((method) => curveOf(method, kind) ?? []);
    const method = members[0]!;
    const failed = shown.every((one) => hasFailed(one));
    if (curves.length > 1) {
      const { median, least, most } = bandOf(method, kind, curves);
      return [{ method, curve: median, failed, bands: [[least, most]], smooth: true }];
    }
    const [curve] = curves;
    return curve === undefined ? [] : alone(shown[0]!, method, kind, curve, failed);
  });
}

const hasFailed = (method: number) => {
  const { outcome } = record.methods[method]!;
  return outcome !== undefined && wordsFor(outcome).failed;
};

/** One method's own curve, with what is drawn beside it. */
function alone(of: number, method: number, kind: PanelKind, curve: Curve, failed: boolean): Subject[] {
  const own = record.methods[of]!;
  const rejected = kind.rejections?.curve(own);
  const subject = {
    method,
    curve,
    failed,
    bands: kind.bands?.(own) ?? [],
    ...(rejected && { events: { curve: rejected, soFar: kind.rejections!.soFar } }),
  };
  const second = kind.beside?.curve(own);
  return second === undefined
    ? [subject]
    : [subject, { method, curve: second, failed, bands: [], beside: true }];
}

/** The bands made so far, by panel and method. */
const bands = new Map<string, SeedBand>();

function bandOf(method: number, kind: PanelKind, curves: readonly Curve[]): SeedBand {
  const key = `${record.started?.run} ${kind.id} ${method}`;
  const band = bands.get(key) ?? new SeedBand();
  bands.set(key, band);
  band.update(curves, spanOf(kind), isLogarithmic(kind));
  return band;
}

export interface PlacedReading {
  readonly place: number;
  readonly value: number;
}

/** What a method, or the median of its seeds, reads at the crosshair, or at its end where there is none. */
export function readingOf(
  method: number,
  kind: PanelKind,
  log: boolean,
  at = cursor.value,
): PlacedReading | undefined {
  const shown = contestantOf(method).members.filter((one) => !hidden.value.has(one));
  const curves = shown.flatMap(
    (one) => (at === undefined ? kind.curve(record.methods[one]!) : curveOf(one, kind)) ?? [],
  );
  const [first] = curves;
  if (first === undefined) return undefined;
  const curve = curves.length > 1 ? bandOf(method, kind, curves).median : first;
  if (curve.raw.length === 0) return undefined;
  const index = at === undefined ? curve.raw.length - 1 : curve.index(across.value, at);
  if (index < 0) return undefined;
  const values = curves.length > 1 ? curve.raw : curve.smoothed(spanOf(kind), log);
  return { place: curve.across(across.value).at(index), value: values.at(index) };
}

/** The newest value of a curve, smoothed as its panel draws it. */
export function newest(id: string, curve: Curve): number | undefined {
  const { shown, dropped } = panels();
  const kind = [...shown, ...dropped].find((one) => one.id === id);
  if (kind === undefined || curve.raw.length === 0) return undefined;
  return curve.smoothed(spanOf(kind), isLogarithmic(kind)).at(curve.raw.length - 1);
}

/** The panel that the legend reads: the one last pointed at, else the first. */
export function activePanel(): PanelKind | undefined {
  const { shown } = panels();
  return shown.find(({ id }) => id === active.value) ?? shown[0];
}

/** What the x axis is called. */
export const axisNames: Readonly<Record<Across, string>> = {
  steps: 'steps',
  examples: 'examples',
  evaluations: 'evaluations',
  work: 'computing time',
  seconds: 'wall time',
};

/** A place on the x axis in words. */
export function placeText(place: number): string {
  const axis = across.value;
  if (axis === 'work' || axis === 'seconds') return duration(place);
  return axis === 'steps' ? `step ${count(place)}` : `${count(place * scaleOf(axis))} ${axis}`;
}
