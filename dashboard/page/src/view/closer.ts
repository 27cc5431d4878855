import { effect, signal } from '@preact/signals';
import type { ClientMessage } from '../../../server/protocol.js';
import type { PanelKind } from '../charts/panels.js';
import type { Curve } from '../data/curve.js';
import { MethodRecord } from '../data/method-record.js';
import type { Across } from '../data/places.js';
import { Details, type Stretch } from '../live/details.js';
import { across, link, record, span, standing, zoom } from './state.js';

/** What a zoom has fetched of methods whose steps had come as coarse summaries. */
const closer = signal<ReadonlyMap<number, MethodRecord>>(new Map());

/** Milliseconds a zoom has to hold still before more is fetched. */
const patience = 150;
/** The average needs about so many spans before a stretch to be what it is in the whole. */
const runUp = 5;

/** The curve to be shown, where the method has one: from a closer look where there is one. */
export function curveOf(method: number, { curve, stepwise }: PanelKind): Curve | undefined {
  const near = stepwise ? closer.value.get(method) : undefined;
  return curve(near ?? record.methods[method]!);
}

/** Fetches single steps whenever a zoom shows summaries. Returns what takes in the answers. */
export function lookCloser(send: (message: ClientMessage) => void): Details {
  const series = (method: number) => record.series(method);
  const details = new Details(send, series, (method, parts) => {
    const near = new MethodRecord(record.methods[method]!.description);
    near.summaries(parts);
    closer.value = new Map([...closer.value, [method, near]]);
  });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    clearTimeout(waiting);
    const stretch = zoom.value;
    const axis = across.value;
    const before = runUp * span.value;
    if (closer.peek().size > 0) closer.value = new Map();
    if (stretch === null || link.value !== 'open') return;
    waiting = setTimeout(() => details.ask(wanted(axis, stretch.low, stretch.high, before)), patience);
  });
  return details;
}

/** The stretches of steps that [low, high] shows of summaries which will not change any more. */
function wanted(axis: Across, low: number, high: number, before: number): Stretch[] {
  const own = record.methods.slice(0, record.ownMethods); // of other runs this server may know nothing
  return own.flatMap(({ curves: { loss }, outcome, taken }, method) => {
    const [from, to] = loss.within(axis, low, high);
    const final = to < loss.raw.length || outcome !== undefined || !standing.value.live;
    if (!final || !loss.raw.hasBuckets(from, to)) return [];
    const steps = loss.across('steps');
    const end = to < steps.length ? steps.at(to) : taken;
    return [{ method, from: Math.max(0, steps.at(from) - before), to: end }];
  });
}
