/** A row-major float64 array on the host. Make one with `float64.array`. */
export class HostArray {
  /** Bookkeeping of `float64`: the scope that will free it, and whether it has been given back. */
  owner: HostArray[] | null = null;
  spare = false;

  constructor(
    readonly data: Float64Array,
    public shape: readonly number[],
  ) {}
}

/** Arrays given back, by length: a fresh Float64Array of 10 entries costs more than a BFGS step on it. */
const pool = new Map<number, HostArray[]>();
/** Of one length, no more spare arrays than this are kept, and no more entries in all (16 MiB). */
const mostSpares = 256;
const mostSpareEntries = 1 << 21;

let made: HostArray[] | null = null; // what the innermost scope will free
let depth = 0;
const scopes: HostArray[][] = []; // one list a depth, used again by the next scope that deep
let alive = 0;

/** An array of this shape with arbitrary contents, owned by the innermost scope. */
export function make(shape: readonly number[]): HostArray {
  let length = 1;
  for (let i = 0; i < shape.length; i++) length *= shape[i];
  let array = pool.get(length)?.pop();
  if (array === undefined) array = new HostArray(new Float64Array(length), shape);
  else array.shape = shape;
  array.spare = false;
  array.owner = made;
  if (made !== null) made.push(array);
  alive++;
  return array;
}

/** @throws Error when the array was given back before */
export function free(array: HostArray): void {
  if (array.spare) throw new Error('float64.release: this array was released before');
  array.spare = true;
  array.owner = null;
  alive--;
  const { length } = array.data;
  let spares = pool.get(length);
  if (spares === undefined) pool.set(length, (spares = []));
  if (spares.length < mostSpares && (spares.length + 1) * length <= mostSpareEntries) spares.push(array);
}

/** Runs `body` and frees every array made inside it, save those in the returned tree. */
export function scope<R>(body: () => R): R {
  const outer = made;
  const own = (scopes[depth] ??= []);
  made = own;
  depth++;
  try {
    const result = body();
    keep(result, own, outer);
    return result;
  } finally {
    for (let i = 0; i < own.length; i++) if (own[i].owner === own) free(own[i]);
    own.length = 0;
    depth--;
    made = outer;
  }
}

/** Hands every array in `result` that the scope would free over to the enclosing scope. */
function keep(result: unknown, own: HostArray[], outer: HostArray[] | null): void {
  if (result === null || typeof result !== 'object') return;
  if (result instanceof HostArray) {
    if (result.owner !== own) return;
    result.owner = outer;
    if (outer !== null) outer.push(result);
  } else if (Array.isArray(result)) {
    for (let i = 0; i < result.length; i++) keep(result[i], own, outer);
  } else {
    for (const key in result) keep((result as Record<string, unknown>)[key], own, outer);
  }
}

export function live(): number {
  return alive;
}
