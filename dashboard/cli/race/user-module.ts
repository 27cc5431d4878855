import type { TestFunction } from '../../../src/index.js';
import type { UserModel } from '../../../src/tensors/index.js';
import { loadModule, moduleFile } from '../arguments/load-module.js';
import { Misuse } from '../arguments/misuse.js';
import { remember } from './module-place.js';

/** What a user's module may export by default. */
export type UserProblem =
  | { readonly kind: 'function'; readonly definition: TestFunction }
  | { readonly kind: 'model'; readonly definition: UserModel };

const examples = {
  function: `export default {
  name: 'bowl',
  start: [3, 4],
  value: (x) => x[0] ** 2 + x[1] ** 2,
};`,
  model: `import * as tf from '@tensorflow/tfjs';

export default {
  name: 'line',
  parameters: (seed) => ({ slope: tf.zeros([]), offset: tf.zeros([]) }),
  loss: ({ slope, offset }, { x, y }) => tf.mean(tf.square(tf.sub(tf.add(tf.mul(slope, x), offset), y))),
  *batches(seed) {
    for (;;) yield { x: tf.tensor1d([1, 2, 3]), y: tf.tensor1d([3, 5, 7]) };
  },
};`,
};

/** Whether the problem's name is the path of a module: it has a slash or a module's ending. */
export function isModulePath(problem: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/.test(problem);
}

/**
 * Loads a user's module, TypeScript too, and looks over its default export.
 *
 * @throws Misuse where the file is absent, does not load, or its default export lacks something
 */
export async function loadUserProblem(path: string): Promise<UserProblem> {
  remember(moduleFile(path, 'race(problem)'));
  return examined(path, await loadModule(path, 'race(problem)'));
}

function examined(path: string, exported: unknown): UserProblem {
  const expected = (what: string, kind: keyof typeof examples) =>
    new Misuse(`race(problem): the default export of ${path} ${what}; for example\n\n${examples[kind]}`);
  if (exported === null || typeof exported !== 'object') {
    throw new Misuse(
      `race(problem): expected ${path} to export by default a function to minimise or a model to train, ` +
        `got ${exported === null ? 'null' : typeof exported}. A function:\n\n${examples.function}\n\nA model:\n\n${examples.model}`,
    );
  }
  const given = exported as Record<string, unknown>;
  const kind = ['parameters', 'loss', 'batches'].some((key) => key in given) ? 'model' : 'function';
  if (typeof given.name !== 'string' || given.name === '') throw expected("lacks 'name', a string", kind);
  if (kind === 'function') {
    const start = given.start as ArrayLike<unknown> | undefined;
    const numbers = start != null && typeof start === 'object' ? Array.from(start) : [];
    if (numbers.length === 0 || !numbers.every((entry) => Number.isFinite(entry))) {
      throw expected("lacks 'start', a list of finite numbers", kind);
    }
  }
  const needed = kind === 'model' ? ['parameters', 'loss', 'batches'] : ['value'];
  const allowed = kind === 'model' ? ['evaluate'] : ['gradient', 'hessian', 'residuals', 'jacobian'];
  for (const name of needed) {
    if (typeof given[name] !== 'function') throw expected(`lacks '${name}', a function`, kind);
  }
  for (const name of allowed) {
    if (given[name] !== undefined && typeof given[name] !== 'function') {
      throw expected(`has a '${name}' that is no function`, kind);
    }
  }
  const definition = kind === 'function' ? withRowsJoined(given) : given;
  return { kind, definition } as unknown as UserProblem;
}

/** The same function, whose Hessian may be a list of rows as well as one list, row after row. */
function withRowsJoined(given: Record<string, unknown>): Record<string, unknown> {
  const { hessian } = given as { hessian?: (x: Float64Array) => unknown };
  if (hessian === undefined) return given;
  const joined = (x: Float64Array) => {
    const answer = hessian.call(given, x);
    const isRow = (row: unknown) => Array.isArray(row) || row instanceof Float64Array;
    return Array.isArray(answer) && answer.every(isRow) ? answer.flatMap((row) => [...row]) : answer;
  };
  return Object.create(given, { hessian: { value: joined, enumerable: true } });
}
