import { entries } from '../../../src/algebra/tree.js';
import { Random, releaseExcept } from '../../../src/index.js';
import type { AnyMethod, Method } from '../../../src/methods/index.js';
import {
  chain,
  measureHistograms,
  measureLayers,
  measureSpectrum,
  type Transform,
} from '../../../src/transforms/index.js';
import { type Look, lookNames } from '../../record/events.js';
import type { Contestant } from '../arguments/chosen-methods.js';
import { Misuse } from '../arguments/misuse.js';
import type { ModelSetting, Setting } from './setting.js';
import { trains } from './trains.js';

const made: Readonly<Record<Look, (every: number) => Transform>> = {
  layers: (every) => measureLayers({ every }),
  histograms: (every) => measureHistograms({ every }),
  spectrum: (every) => measureSpectrum({ every }),
};

/** A method that takes looks where its problem is evaluated, behind all that makes its update. */
export function looking<M extends AnyMethod>(
  method: M,
  looks: readonly Look[],
  { evaluateEvery }: ModelSetting,
): M {
  if (looks.length === 0 || !trains(method)) return method;
  const { name, options }: Method = method;
  const added = looks.map((look) => made[look](evaluateEvery));
  return { ...method, ...chain(...method.parts, ...added), name, options };
}

export function lookingAll(
  contestants: readonly Contestant[],
  looks: readonly Look[],
  setting: Setting,
): readonly Contestant[] {
  if (setting.kind === 'function') return contestants;
  return contestants.map((one) => ({ ...one, method: looking(one.method, looks, setting) }));
}

/**
 * The looks of a text such as `layers,histograms`; `all` is each of them.
 *
 * @throws Misuse naming the first that there is not
 */
export function chosenLooks(text: string | undefined): readonly Look[] {
  if (text === undefined) return [];
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => name !== 'all' && !(lookNames as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new Misuse(`--look: expected ${lookNames.join(', ')} or all, got '${unknown}'`);
  }
  return lookNames.filter((look) => names.includes(look) || names.includes('all'));
}

/** @throws Misuse where a function is to be looked at so: it has no layers, and its points are told one by one */
export function checkLooks(looks: readonly Look[], setting: Setting): void {
  if (looks.length === 0 || setting.kind === 'model') return;
  throw new Misuse(`--look: looks at models over batches; ${setting.name} is a function`);
}

/** The paths of a model's parameters, in the order of the tree. */
export function parameterPaths({ problem }: ModelSetting): string[] {
  const { algebra } = problem;
  const start = problem.start(new Random(0));
  const paths = entries(algebra, start).map(([path]) => path);
  releaseExcept(algebra, start, []);
  return paths;
}
