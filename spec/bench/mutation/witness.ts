/** What a subject handed over, array by array; a number is an array of one. */
export type Noted = readonly Float64Array[];

/** Takes note of what subjects hand to laws. */
export class Witness {
  private noted: Float64Array[] = [];
  private readonly targets = new WeakMap<object, object>();

  /** @param most arrays that are kept, from one call of `taken` to the next */
  constructor(private readonly most: number) {}

  /** The same subject; whatever a law reads of it, or is handed by one of its functions, is noted. */
  watched<V extends object>(subject: V): V {
    return this.seen(subject) as V;
  }

  /** What was noted since the last call. */
  taken(): Noted {
    const { noted } = this;
    this.noted = [];
    return noted;
  }

  private note(values: Iterable<number>): void {
    if (this.noted.length < this.most) this.noted.push(Float64Array.from(values));
  }

  private seen(value: unknown): unknown {
    if (typeof value === 'number') this.note([value]);
    else if (typeof value === 'boolean') this.note([value ? 1 : 0]);
    else if (ArrayBuffer.isView(value)) this.note(value as Float64Array);
    else if (typeof value === 'function') return this.called(value as Called, undefined);
    else if (typeof value === 'object' && value !== null) return this.object(value);
    return value;
  }

  private object(target: object): object {
    const proxy = new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name);
        const own = Reflect.getOwnPropertyDescriptor(target, name);
        if (own?.configurable === false && !own.writable) return value;
        return typeof value === 'function' ? this.called(value as Called, target) : this.seen(value);
      },
    });
    this.targets.set(proxy, target);
    return proxy;
  }

  /** Subjects see their own objects; arrays that they were given to write to count as results. */
  private called(target: Called, self: unknown): Called {
    const call: Called = (...given) => {
      const plain = given.map((one) => this.targets.get(one as object) ?? one);
      const result = target.apply(self, plain);
      for (const one of plain) if (ArrayBuffer.isView(one)) this.note(one as Float64Array);
      return this.seen(result);
    };
    this.targets.set(call, target);
    return call;
  }
}

type Called = (...given: unknown[]) => unknown;

/** A change of less than this fraction of an array's largest entry is rounding. */
const rounding = 1e-9;

/** Whether two runs handed over the same numbers, up to rounding. */
export function sameResults(one: Noted, other: Noted): boolean {
  if (one.length !== other.length) return false;
  return one.every((values, k) => {
    const others = other[k];
    if (values.length !== others.length) return false;
    const size = Math.max(largest(values), largest(others));
    return values.every(
      (value, i) => Object.is(value, others[i]) || Math.abs(value - others[i]) <= rounding * size,
    );
  });
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
