import type { WebSocket } from 'ws';
import { Client } from '../../dashboard/server/client.js';
import { LogTail } from '../../dashboard/server/log-tail.js';
import { Turns } from '../../dashboard/server/turns.js';
import { SimulatedLine } from './simulated-line.js';
import { directory, type World } from './world.js';

/** How often the tail of the log is looked at, and how long a page waits before it comes again. */
const milliseconds = 20;

/** The server of a run and one page that watches it, connected anew whenever the connection breaks. */
export class Viewer {
  readonly #turns: Turns;
  readonly #tail: LogTail;
  #client: Client | undefined;
  line: SimulatedLine;

  constructor(readonly world: World) {
    const { disk, environment } = world;
    this.#turns = new Turns(environment);
    this.#tail = new LogTail(directory, { disk, environment, onNews: () => this.#client?.pump() });
    this.line = this.#connect();
    this.#look();
  }

  /** Whether the page has everything that the log holds. */
  get isUpToDate(): boolean {
    return this.line.caughtUp && this.world.page.seq === this.#tail.reader.seq;
  }

  #look(): void {
    const again = () => {
      this.#turns.add(this.#tail);
      if (this.world.faults.strikes('lostClient')) this.line.terminate();
      if (this.line.readyState !== this.line.OPEN) this.line = this.#connect();
      this.#look();
    };
    this.world.environment.timer(milliseconds, again, true);
  }

  #connect(): SimulatedLine {
    const line = new SimulatedLine(this.world);
    this.#client = new Client(line as unknown as WebSocket, this.#tail, this.#turns, undefined);
    line.hello();
    return line;
  }
}
