import { resolve } from 'node:path';
import type { Client } from './client.js';
import { LogTail, type LogTailOptions } from './log-tail.js';
import { isInside } from './runs-protocol.js';
import type { Turns } from './turns.js';

/** Milliseconds between two looks at a run: a part for each client, where there are more than a few. */
const few = 100;
const pauseAClient = 1;
const longestPause = 1_000;

/** Disk and clock, where they are not this machine's. */
type Source = Pick<LogTailOptions, 'disk' | 'environment'>;

/** A run that somebody looks at, and who does. */
export class ShownRun {
  readonly tail: LogTail;
  readonly clients = new Set<Client>();
  #live: boolean;
  #fault: string | undefined;
  #looked = Number.NEGATIVE_INFINITY;

  constructor(directory: string, options: Source = {}) {
    this.tail = new LogTail(directory, { ...options, onNews: () => this.#news() });
    this.#live = this.tail.live;
    this.#fault = this.tail.fault;
  }

  /**
   * Whether it is time to look what was written since. A message costs each client and the machine the same however
   * much is in it: a crowd is told less often, and more at a time.
   */
  isDue(now: number): boolean {
    const { size } = this.clients;
    if (size > few && now - this.#looked < Math.min(longestPause, size * pauseAClient)) return false;
    this.#looked = now;
    return true;
  }

  #news(): void {
    const { live, fault } = this.tail;
    if (live !== this.#live || fault !== this.#fault) {
      this.#live = live;
      this.#fault = fault;
      for (const client of this.clients) client.say({ kind: 'status', live, fault });
    }
    for (const client of this.clients) client.pump();
  }
}

/** The runs that are shown: one that always is, and, of a folder, those that somebody looks at. */
export class ShownRuns {
  readonly #runs = new Map<string, ShownRun>();
  readonly #own: ShownRun | undefined;

  /** @throws LogError where the one run has no log to show */
  constructor(
    own: string | undefined,
    readonly folder: string | undefined,
    readonly turns: Turns,
    readonly source: Source = {},
  ) {
    this.#own = own === undefined ? undefined : new ShownRun(resolve(own), source);
  }

  /** Whether it is the one that is always shown. */
  isOwn(run: ShownRun): boolean {
    return run === this.#own;
  }

  /** How many look at any run. */
  get clients(): Client[] {
    return this.#all().flatMap(({ clients }) => [...clients]);
  }

  /**
   * The run with this path in the folder, or the one run where no path is given; undefined where there is none.
   *
   * @throws LogError where its log cannot be shown
   */
  find(path: string | null): ShownRun | undefined {
    if (path === null) return this.#own;
    if (this.folder === undefined || !isInside(path)) return undefined;
    if (resolve(this.folder, path) === this.#own?.tail.directory) return this.#own;
    const known = this.#runs.get(path);
    if (known !== undefined) return known;
    const run = new ShownRun(resolve(this.folder, path), this.source);
    this.#runs.set(path, run);
    return run;
  }

  add(run: ShownRun, client: Client): void {
    run.clients.add(client);
  }

  remove(run: ShownRun, client: Client): void {
    run.clients.delete(client);
    this.tidy(run);
  }

  /** Closes a run that nobody looks at: it costs nothing then. */
  tidy(run: ShownRun): void {
    const path = [...this.#runs].find(([, shown]) => shown === run)?.[0];
    if (path === undefined || run.clients.size > 0) return;
    this.#runs.delete(path);
    this.turns.remove(run.tail);
    run.tail.close();
  }

  /** Looks soon what was written since. */
  poll(): void {
    for (const run of this.#all()) {
      const { tail } = run;
      if (run.isDue(tail.environment.now())) this.turns.add(tail);
    }
  }

  /** Has what was written last reach those who look, as far as it does until then. */
  finish(until: number): void {
    for (const { tail, clients } of this.#all()) {
      const isTime = () => tail.environment.now() < until;
      if (clients.size === 0) continue;
      while (tail.turn() && isTime());
      for (const client of clients) while (client.turn() && isTime());
    }
  }

  close(): void {
    for (const { tail } of this.#all()) tail.close();
    this.#runs.clear();
  }

  #all(): ShownRun[] {
    return [...(this.#own === undefined ? [] : [this.#own]), ...this.#runs.values()];
  }
}
