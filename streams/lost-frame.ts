import type { Environment } from './environment.js';

interface Waiting {
  readonly waiting: boolean;
}

/**
 * Notices that a frame was sent into the pipeline and cannot, or does not, come back: at once where nothing
 * asynchronous is pending, else after a time.
 */
export class LostFrame {
  readonly #pending: { nothing(): boolean };
  #looking: Waiting | null = null;
  #callOff = () => {};

  /** Made before the pipeline is subscribed. */
  constructor(
    readonly timeout: number,
    /** The frame that is in the pipeline now, if any. */
    readonly inFlight: () => Waiting | null,
    readonly lost: (error: Error) => void,
    readonly environment: Environment,
  ) {
    this.#pending = environment.pending();
  }

  /** Looks when everything that can come at once has come. */
  watch(): void {
    if (this.#looking !== null) return; // one look at a time: it goes on with the frame of then
    this.#looking = this.inFlight();
    this.environment.macrotask(() => {
      const seen = this.#looking;
      const frame = this.inFlight();
      this.#looking = null;
      if (frame === null) return;
      if (frame !== seen) this.watch();
      else if (!frame.waiting && this.#pending.nothing()) this.#tell('and nothing asynchronous is pending');
      else {
        const tell = () => this.#tell(`not within ${this.timeout} ms`);
        this.#callOff = this.environment.timer(this.timeout, tell);
      }
    });
  }

  /** The frame came back, or the run is over. */
  stop(): void {
    this.#callOff();
  }

  #tell(why: string): void {
    this.lost(
      new Error(`the pipeline gave no frame back, ${why}; to lead frames round operators use skipWhen`),
    );
  }
}
