import { type Environment, realEnvironment } from './environment.js';

/** Runs work in slices of a few milliseconds, with a macrotask between them in which sockets and timers live. */
export class Slices {
  #end = 0;
  #scheduled = false;
  readonly #begin = () => {
    this.#scheduled = false;
    this.#end = this.environment.now() + this.milliseconds;
    this.work();
  };

  constructor(
    readonly milliseconds: number,
    /** Does what there is to do until `over`, and then asks for `another`. */
    readonly work: () => void,
    readonly environment: Environment = realEnvironment,
  ) {}

  get over(): boolean {
    return this.environment.now() >= this.#end;
  }

  /** Has the work go on in a slice of its own. */
  another(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.environment.macrotask(this.#begin);
  }

  /** Has it go on after something asynchronous: in this slice if there is time left, else in the next. */
  resume(): void {
    if (this.over) this.another();
    else this.environment.microtask(() => this.work());
  }
}
