import { Random, releaseExcept } from '../../../src/index.js';
import type { Problem } from '../../../src/objective/index.js';
import { type Route, routing } from '../../../src/transforms/index.js';
import { usedUp } from '../../../streams/index.js';
import { toBatches } from '../../../streams/iterated-batches.js';
import type { Contestant } from '../arguments/chosen-methods.js';
import type { ModelSetting, Setting } from './setting.js';

/**
 * For each method that gives a model's layers blocks of their own, which parameter gets which block and why; told by one
 * backward pass on the first batch. Undefined for all other methods.
 */
export async function routesOf(
  setting: Setting,
  contestants: readonly Contestant[],
  seed: number,
): Promise<readonly (readonly Route[] | undefined)[]> {
  const sides = contestants.map(({ method }) => (method.options as { longestSide?: unknown }).longestSide);
  if (setting.kind === 'function' || setting.problem.layers === undefined) return sides.map(() => undefined);
  const known = new Map<number, readonly Route[]>();
  for (const [i, side] of sides.entries()) {
    if (typeof side !== 'number' || known.has(side)) continue;
    known.set(side, await routesOn(setting, setting.problem, contestants[i].method.name, seed, side));
  }
  return sides.map((side) => (typeof side === 'number' ? known.get(side) : undefined));
}

async function routesOn<T, B>(
  setting: ModelSetting,
  problem: Problem<T, B>,
  method: string,
  seed: number,
  longestSide: number,
): Promise<readonly Route[]> {
  const { algebra } = problem;
  const cursor = toBatches(setting.source(seed, method)).open();
  const batch = await cursor.next();
  const parameters = problem.start(new Random(seed));
  try {
    if (batch === usedUp) return [];
    return algebra.scope(() => {
      const seen = problem.layers!(parameters, batch as B, 'given', new Random(seed));
      return routing(seen, (x) => algebra.shape(x), { longestSide });
    });
  } finally {
    releaseExcept(algebra, parameters, []);
    if (batch !== usedUp) cursor.release(batch);
    cursor.close();
  }
}
