/**
 * Watches what a subject asks of the world outside while it is called: random numbers and the time. The clock it is
 * shown leaps from question to question, so that a step which depends on it is seen to.
 */
export class OutsideWorld {
  readonly asked = new Set<string>();
  #inside = false;
  #leaps = 0;

  constructor() {
    this.#watch(Math, 'random', (answer) => answer);
    this.#watch(Date, 'now', (answer) => answer + this.#leap());
    this.#watch(performance, 'now', (answer) => answer + this.#leap());
    const watching = this;
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...given: []) {
        if (given.length > 0) super(...given);
        else super(watching.#inside ? Date.now() : RealDate.now());
      }
    } as DateConstructor;
  }

  /** Runs a call of the subject. */
  during<R>(call: () => R): R {
    this.#inside = true;
    try {
      return call();
    } finally {
      this.#inside = false;
    }
  }

  #watch<K extends string>(
    owner: { [name in K]: () => number },
    name: K,
    shown: (answer: number) => number,
  ): void {
    const real = owner[name].bind(owner);
    const called = owner === Math ? 'Math.random()' : 'the clock';
    owner[name] = () => {
      if (!this.#inside) return real();
      this.asked.add(called);
      return shown(real());
    };
  }

  /** Milliseconds, never the same distance twice. */
  #leap(): number {
    this.#leaps++;
    return this.#leaps * 1_009 + (this.#leaps % 7);
  }
}
