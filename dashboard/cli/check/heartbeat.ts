/** How many numbers of the last input are kept. */
const kept = 8;

/**
 * What a thread is at, readable from another thread while it hangs: how many calls of the subject it has begun and
 * ended, and the input of the last.
 */
export class Heartbeat {
  readonly memory: SharedArrayBuffer;
  readonly #counts: Int32Array;
  readonly #input: Float64Array;

  constructor(memory = new SharedArrayBuffer(16 + 8 * (2 + 2 * kept))) {
    this.memory = memory;
    this.#counts = new Int32Array(memory, 0, 2);
    this.#input = new Float64Array(memory, 16);
  }

  /** Runs a call of the subject. */
  during<R>(x: ArrayLike<number>, gradient: ArrayLike<number>, call: () => R): R {
    this.#input[0] = x.length;
    for (let i = 0; i < Math.min(kept, x.length); i++) {
      this.#input[2 + i] = x[i];
      this.#input[2 + kept + i] = gradient[i] ?? Number.NaN;
    }
    this.#input[1] = gradient.length;
    Atomics.add(this.#counts, 0, 1);
    try {
      return call();
    } finally {
      Atomics.add(this.#counts, 1, 1);
    }
  }

  /** The number of the call that is under way, or 0. */
  get underWay(): number {
    const begun = Atomics.load(this.#counts, 0);
    return begun === Atomics.load(this.#counts, 1) ? 0 : begun;
  }

  /** The input of the last call, for a person; nothing where none was noted. */
  get input(): string | undefined {
    const [size, hasGradient] = this.#input;
    if (size === 0 && hasGradient === 0) return undefined;
    const list = (from: number) =>
      `[${[...this.#input.subarray(from, from + Math.min(kept, size))].join(', ')}${size > kept ? ', …' : ''}]`;
    return `x = ${list(2)}${hasGradient > 0 ? ` and gradient = ${list(2 + kept)}` : ''}`;
  }
}
