import { onBatch, Random, releaseExcept } from '../../../src/index.js';
import type { Problem } from '../../../src/objective/index.js';
import type { Route, Transform } from '../../../src/transforms/index.js';
import { usedUp } from '../../../streams/index.js';
import { toBatches } from '../../../streams/iterated-batches.js';
import type { Contestant } from '../arguments/chosen-methods.js';
import type { ModelSetting, Setting } from './setting.js';
import { trains } from './trains.js';

/**
 * For each method that gives a model's layers blocks of their own, which parameter gets which block and why, as it says
 * itself of one backward pass on the first batch. Undefined for all other methods.
 */
export async function routesOf(
  setting: Setting,
  contestants: readonly Contestant[],
  seed: number,
): Promise<readonly (readonly Route[] | undefined)[]> {
  if (setting.kind === 'function' || setting.problem.layers === undefined)
    return contestants.map(() => undefined);
  const known = new Map<string, Promise<readonly Route[]>>();
  return Promise.all(
    contestants.map(async ({ method, contestant, label }) => {
      if (!trains(method) || method.routes === undefined) return undefined;
      const name = contestant ?? label; // under other seeds it is the same method
      if (!known.has(name)) known.set(name, routesOn(setting, setting.problem, method, seed));
      return known.get(name);
    }),
  );
}

async function routesOn<T, B>(
  setting: ModelSetting,
  problem: Problem<T, B>,
  method: Transform,
  seed: number,
): Promise<readonly Route[]> {
  const { algebra } = problem;
  const cursor = toBatches(setting.source(seed, method.name)).open();
  const batch = await cursor.next();
  if (batch === usedUp) {
    cursor.close();
    return [];
  }
  const parameters = problem.start(new Random(seed));
  const zero = algebra.fill([], 0);
  try {
    return method.routes!({
      algebra,
      parameters,
      gradient: parameters,
      update: parameters,
      loss: zero,
      step: 0,
      random: new Random(seed),
      objective: onBatch(problem, () => batch as B),
    });
  } finally {
    releaseExcept(algebra, parameters, []);
    algebra.release(zero);
    cursor.release(batch);
    cursor.close();
  }
}
