import type { Algebra } from './algebra.js';
import type { State } from './tree.js';

/** An array as plain data: what checkpoints and messages between threads carry. */
export class SavedArray {
  constructor(
    readonly shape: readonly number[],
    readonly data: Float64Array | Float32Array,
  ) {}
}

/** A state whose arrays are plain data. */
export type Saved =
  | SavedArray
  | number
  | string
  | boolean
  | null
  | readonly Saved[]
  | { readonly [name: string]: Saved };

/** Copies a state out of its arithmetic, exactly: float32 arithmetics save as Float32Array. */
export function save<T>(algebra: Algebra<T>, state: State<T>): Saved {
  if (algebra.isArray(state)) {
    const values = algebra.values(state);
    return new SavedArray(
      algebra.shape(state),
      algebra.epsilon > 2 ** -30 ? Float32Array.from(values) : values,
    );
  }
  if (Array.isArray(state)) return state.map((child) => save(algebra, child));
  if (state === null || typeof state !== 'object') return state as Saved;
  return Object.fromEntries(
    Object.entries(state).map(([key, child]) => [key, save(algebra, child as State<T>)]),
  );
}

/** The inverse of `save`: fresh arrays, owned by the caller or the enclosing scope. */
export function restore<T>(algebra: Algebra<T>, saved: Saved): State<T> {
  if (saved instanceof SavedArray) return algebra.array(saved.data, saved.shape);
  if (Array.isArray(saved)) return saved.map((child) => restore(algebra, child));
  if (saved === null || typeof saved !== 'object') return saved as State<T>;
  return Object.fromEntries(
    Object.entries(saved).map(([key, child]) => [key, restore(algebra, child as Saved)]),
  );
}
