import type { Algebra } from './algebra.js';
import type { State } from './tree.js';

/**
 * An array as plain data: what checkpoints and messages between threads carry.
 *
 * It comes back from `structuredClone` and from JSON, bit for bit: a clone forgets the class, JSON writes the
 * little-endian bytes in base64, and `restore` understands both.
 *
 * @example JSON.stringify(new SavedArray([1], Float64Array.of(1))) // '{"shape":[1],"float64":"AAAAAAAA8D8="}'
 */
export class SavedArray {
  constructor(
    readonly shape: readonly number[],
    readonly data: Float64Array | Float32Array,
  ) {}

  /** What JSON keeps of it. */
  toJSON(): { readonly shape: readonly number[] } & Readonly<Record<string, unknown>> {
    const { shape, data } = this;
    return { shape, [data instanceof Float32Array ? 'float32' : 'float64']: base64(data) };
  }
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
  if (typeof state === 'number') return jsonKeeps(state) ? state : { number: spelled(state) };
  if (state === null || typeof state !== 'object') return state as Saved;
  const saved: { [name: string]: Saved } = {};
  for (const key of Object.keys(state)) {
    const value = save(algebra, (state as { readonly [name: string]: State<T> })[key]);
    if (key !== '__proto__') saved[key] = value;
    else Object.defineProperty(saved, key, { value, enumerable: true }); // to assign it would be to inherit from it
  }
  return saved;
}

/**
 * The inverse of `save`, of its structured clone and of its JSON: fresh arrays, owned by the caller or the
 * enclosing scope.
 */
export function restore<T>(algebra: Algebra<T>, saved: Saved): State<T> {
  const array = savedArray(saved);
  if (array !== undefined) return algebra.array(array.data, array.shape);
  if (Array.isArray(saved)) return saved.map((child) => restore(algebra, child));
  if (saved === null || typeof saved !== 'object') return saved as State<T>;
  const entries = Object.entries(saved);
  if (entries.length === 1 && entries[0][0] === 'number') {
    const number = unspelled(entries[0][1]);
    if (number !== undefined) return number;
  }
  return Object.fromEntries(entries.map(([key, child]) => [key, restore(algebra, child as Saved)]));
}

/** The array that a part of a saved state is, whether it kept its class or not; undefined where it is none. */
export function savedArray(saved: Saved): SavedArray | undefined {
  if (saved === null || typeof saved !== 'object' || saved instanceof SavedArray) {
    return saved instanceof SavedArray ? saved : undefined;
  }
  const { shape, data, float64, float32 } = saved as Readonly<Record<string, unknown>>;
  if (!Array.isArray(shape)) return undefined;
  if (data instanceof Float64Array || data instanceof Float32Array) return new SavedArray(shape, data);
  if (typeof float64 === 'string') return new SavedArray(shape, new Float64Array(bytesOf(float64)));
  if (typeof float32 === 'string') return new SavedArray(shape, new Float32Array(bytesOf(float32)));
  return undefined;
}

/** A number that JSON has no word for is saved as `{ number: 'NaN' }`. */
const wordless = ['NaN', 'Infinity', '-Infinity', '-0'];

const jsonKeeps = (x: number) => Number.isFinite(x) && !Object.is(x, -0);

const spelled = (x: number) => (Object.is(x, -0) ? '-0' : String(x));

function unspelled(word: unknown): number | undefined {
  return wordless.includes(word as string) ? Number(word) : undefined;
}

function base64({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const pieces: string[] = [];
  const most = 1 << 14; // arguments of one call
  for (let at = 0; at < bytes.length; at += most) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + most)));
  }
  return btoa(pieces.join(''));
}

function bytesOf(text: string): ArrayBuffer {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes.buffer;
}
