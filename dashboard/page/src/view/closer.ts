import { effect, signal } from '@preact/signals';
import type { ClientMessage } from '../../../server/protocol.js';
import type { Across, Curve } from '../data/curve.js';
import { type Measured, MethodRecord, measured, type Quantity } from '../data/method-record.js';
import { Details, type Stretch } from '../live/details.js';
import { across, link, record, span, standing, zoom } from './state.js';

/** What a zoom has fetched of methods whose steps had come as coarse summaries. */
const closer = signal<ReadonlyMap<number, MethodRecord>>(new Map());

/** Milliseconds a zoom has to hold still before more is fetched. */
const patience = 150;
/** The average needs about so many spans before a stretch to be what it is in the whole. */
const runUp = 5;

/** The curve to be shown: from a closer look where there is one. */
export function curveOf(method: number, quantity: Quantity): Curve {
  const near = isMeasured(quantity) ? closer.value.get(method) : undefined;
  return (near ?? record.methods[method]!).curves[quantity];
}

/** Fetches single steps whenever a zoom shows summaries. Returns what takes in the answers. */
export function lookCloser(send: (message: ClientMessage) => void): Details {
  const details = new Details(send, (method, parts) => {
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
  return record.methods.flatMap(({ curves: { loss }, outcome, taken }, method) => {
    const [from, to] = loss.within(axis, low, high);
    const settled = to < loss.raw.length || outcome !== undefined || !standing.value.live;
    if (!settled || !loss.raw.hasBuckets(from, to)) return [];
    const steps = loss.across('steps');
    const end = to < steps.length ? steps.at(to) : taken;
    return [{ method, from: Math.max(0, steps.at(from) - before), to: end }];
  });
}

function isMeasured(quantity: Quantity): quantity is Measured {
  return (measured as readonly Quantity[]).includes(quantity);
}
