import { restore, type Saved } from '../algebra/saved.js';
import type { State } from '../algebra/tree.js';
import type { Preconditioner, Ready } from './preconditioner.js';
import type { Asked, Waiting } from './refreshed.js';
import type { Context } from './transform.js';

/** A step's curvature made ready, and the requests that wait after it. */
export interface MadeReady<T> {
  readonly ready: Ready<T>;
  readonly asked: readonly Asked<T>[];
}

/**
 * Makes a curvature ready to solve with: in place, or, where its refresh is done beside the steps, by the answer that is
 * due at this one. The first is always made in place: there is nothing to solve with before.
 *
 * @param answer answers the request that is due
 */
export function madeReady<T>(
  curvature: Preconditioner,
  context: Context<T>,
  observed: State<T>,
  { damping, force }: { readonly damping: number; readonly force: boolean },
  { count, asked }: Waiting<T>,
  answer: (asked: Asked<T>) => Saved,
): MadeReady<T> {
  const { beside } = curvature;
  if (beside === undefined || !beside.ready(observed)) {
    return { ready: curvature.refresh(context, observed, damping, force), asked };
  }
  const request = beside.request(observed, damping, force);
  const queue = request === undefined ? asked : [...asked, { due: count + beside.delay, request }];
  const [first, ...rest] = queue;
  if (first === undefined || first.due > count) return { ready: { state: observed }, asked: queue };
  const { algebra } = context;
  return { ready: beside.adopt(algebra, observed, restore(algebra, answer(first))), asked: rest };
}
