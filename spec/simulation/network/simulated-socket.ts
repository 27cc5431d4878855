import { Duplex } from 'node:stream';
import type { Faults } from '../faults.js';
import type { SimulatedEnvironment } from '../simulated-environment.js';

/** What hears, at the other end of a connection. */
export interface End {
  received(bytes: Buffer): void;
  /** Nothing more comes, nor goes. */
  closed(): void;
}

/** Virtual milliseconds that a message takes to be read, usually and by a reader that takes nothing for a while. */
const usual = 1;
const stall = 3_000;
/** After so many milliseconds without an answer the other end's system gives a dead connection up. */
const givenUp = 2_000;

/**
 * The server's end of a connection: a stream of bytes of which the seed decides in which pieces they come, how long
 * the other end takes to read, and whether it is lost, told or not.
 */
export class SimulatedSocket extends Duplex {
  readonly remoteAddress = '127.0.0.1';
  /** The most bytes that ever waited here for the other end. */
  mostWaiting = 0;
  /** Of the longest message. */
  longest = 0;
  readonly #coming: Buffer[] = [];
  /** Whether nothing passes any more, though neither end was told. */
  isDead = false;
  #callOffTimeout: () => void = () => {};

  constructor(
    readonly environment: SimulatedEnvironment,
    readonly faults: Faults,
    readonly other: End,
  ) {
    super({ highWaterMark: 1 << 20 });
    this.on('error', () => undefined);
    this.once('close', () => {
      this.#callOffTimeout();
      if (!this.isDead) environment.timer(usual, () => other.closed(), true);
    });
  }

  /** The other end sends. */
  receive(bytes: Buffer): void {
    if (this.isDead || this.destroyed) return;
    this.#coming.push(bytes);
    if (this.#coming.length === 1) this.#arrive();
  }

  /** The connection breaks: both ends are told, this one as by a reset or as by an end. */
  cut(): void {
    if (this.environment.random.uniform() < 0.5) this.destroy(new Error('ECONNRESET: simulated'));
    else this.destroy();
  }

  /** The connection dies without a word; the other end gives up after a while, this one has to find out. */
  die(): void {
    if (this.isDead || this.destroyed) return;
    this.isDead = true;
    this.environment.timer(givenUp, () => this.other.closed(), true);
  }

  #arrive(): void {
    const { random } = this.environment;
    this.environment.timer(
      random.uniform(),
      () => {
        if (this.destroyed || this.isDead) return;
        const first = this.#coming.shift()!;
        const length = random.uniform() < 0.3 ? 1 + random.integer(first.length) : first.length;
        if (length < first.length) this.#coming.unshift(first.subarray(length));
        this.push(first.subarray(0, length));
        if (this.#coming.length > 0) this.#arrive();
      },
      true,
    );
  }

  override _read(): void {
    // what comes is pushed
  }

  override _write(chunk: Buffer, _: BufferEncoding, written: () => void): void {
    this.#send([chunk], written);
  }

  override _writev(parts: { readonly chunk: Buffer }[], written: () => void): void {
    this.#send(
      parts.map(({ chunk }) => chunk),
      written,
    );
  }

  override _final(written: () => void): void {
    written();
    if (!this.isDead) this.destroy();
  }

  #send(parts: readonly Buffer[], written: () => void): void {
    for (const { length } of parts) this.longest = Math.max(this.longest, length);
    this.mostWaiting = Math.max(this.mostWaiting, this.writableLength);
    if (this.isDead) return; // nobody takes it, and nobody says so
    const milliseconds = this.faults.strikes('stalledClient') ? stall : usual;
    const arrive = () => {
      if (this.isDead || this.destroyed) return;
      this.mostWaiting = Math.max(this.mostWaiting, this.writableLength);
      this.other.received(Buffer.concat(parts));
      written();
    };
    this.environment.timer(milliseconds, arrive, true);
  }

  // What servers ask of a socket of the system.

  setTimeout(milliseconds: number, told?: () => void): this {
    this.#callOffTimeout();
    this.#callOffTimeout = () => {};
    if (told !== undefined) this.once('timeout', told);
    if (milliseconds > 0) {
      this.#callOffTimeout = this.environment.timer(milliseconds, () => this.emit('timeout'), true);
    }
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    if (this.writableLength === 0) this.destroy();
    else super.end();
  }
}
