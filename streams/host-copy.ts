import { type Algebra, type Saved, SavedArray, type Tree } from '../src/index.js';

/**
 * The newest parameters that the host knows: what is left of a run whose device is lost.
 *
 * One copy is on its way at a time, asked for after a step and never waited for; none where no device can be lost.
 */
export class HostCopy<T> {
  #newest: { readonly step: number; readonly parameters: Saved } | undefined;
  #coming = false;

  constructor(readonly algebra: Algebra<T>) {}

  get newest(): { readonly step: number; readonly parameters: Saved } | undefined {
    return this.#newest;
  }

  /** Asks for the parameters as they are before this step. */
  ask(step: number, parameters: Tree<T>): void {
    const { later } = this.algebra;
    if (this.#coming || later === undefined) return;
    this.#coming = true;
    copied(this.algebra, later, parameters)
      .then((saved) => {
        this.#newest = { step, parameters: saved };
      })
      .catch(() => undefined) // the device went before it came: the step at work is told so
      .finally(() => {
        this.#coming = false;
      });
  }
}

async function copied<T>(
  algebra: Algebra<T>,
  later: (x: T) => Promise<Float64Array>,
  tree: Tree<T>,
): Promise<Saved> {
  if (algebra.isArray(tree)) {
    return new SavedArray([...algebra.shape(tree)], Float32Array.from(await later(tree)));
  }
  if (Array.isArray(tree)) return Promise.all(tree.map((child) => copied(algebra, later, child)));
  const children = Object.entries(tree as { readonly [name: string]: Tree<T> });
  return Object.fromEntries(
    await Promise.all(
      children.map(async ([name, child]) => [name, await copied(algebra, later, child)] as const),
    ),
  );
}
