import { leaves } from '../../../src/index.js';
import { fromLoss, kernelsInUse, tensors, type UserModel } from '../../../src/tensors/index.js';
import type { Batches } from '../../../streams/index.js';
import { firstOrderMethods, type ModelSetting } from './setting.js';

/** A user's model as the subject of a race. */
export function userModelSetting(model: UserModel, asked: string | undefined, backend: string): ModelSetting {
  const setting = {
    kind: 'model' as const,
    name: model.name,
    asked,
    problem: fromLoss(model),
    source(seed: number) {
      const made: unknown = model.batches(seed);
      return isSource(made) ? made : freed(model.name, made);
    },
    backend,
    kernels: kernelsInUse(),
    defaults: { methods: firstOrderMethods, steps: 1_000 },
    evaluateEvery: 100,
    checkpointEvery: 100,
  };
  return setting as ModelSetting;
}

/** Whether it is made by `batches` of fluxion/streams, which frees what it made by itself. */
const isSource = (made: unknown): made is Batches<unknown> =>
  made !== null && typeof made === 'object' && 'open' in made;

/**
 * A user's batches, each batch's tensors freed when the next one is asked for.
 *
 * Only those made for this very batch: what is older may be lent again and again, and what came into being
 * with the first batch may be a set of data from which the later ones are taken.
 */
async function* freed(name: string, made: unknown): AsyncGenerator<unknown> {
  const source = ((await made) ?? {}) as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
  const iterator = source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]?.();
  if (iterator === undefined) {
    throw new TypeError(`${name}.batches: expected something iterable, such as a list or a generator`);
  }
  let fresh: Tensor[] = [];
  const release = () => {
    for (const tensor of fresh.splice(0)) if (!tensor.isDisposed && !tensor.kept) tensors.release(tensor);
  };
  try {
    for (let first = true; ; first = false) {
      const before = newestTensor();
      const { done, value } = await iterator.next();
      if (done) return;
      if (!first) fresh = leaves(tensors, value as Tensor).filter(({ id }) => id > before);
      yield value;
      release();
    }
  } finally {
    release();
    await iterator.return?.();
  }
}

type Tensor = ReturnType<typeof tensors.fill>;

/** TensorFlow.js numbers its tensors in the order in which they are made. */
function newestTensor(): number {
  const probe = tensors.fill([], 0);
  tensors.release(probe);
  return probe.id;
}
