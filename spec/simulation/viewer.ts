import { Link } from '../../dashboard/page/src/live/link.js';
import { socketPath } from '../../dashboard/server/protocol.js';
import { type Served, type ServeOptions, serve } from '../../dashboard/server/serve.js';
import { RudeVisitor, stranger } from './network/rude-visitor.js';
import { SimulatedNetwork } from './network/simulated-network.js';
import { request, WebSocketEnd } from './network/web-socket-end.js';
import { directory, type World } from './world.js';

const port = 4000;
const host = { Host: `127.0.0.1:${port}`, Origin: `http://127.0.0.1:${port}` };
/** Virtual milliseconds between two looks at what goes wrong with connections. */
const look = 20;

/** Visitors who are rude in one process. */
const mostVisitors = 3;

/** What the server grants: little, so that short runs come to its ends. */
const granted = {
  backlog: { full: 256, tooMuch: 1 << 20 },
  pollMilliseconds: 10,
  pingMilliseconds: 400,
  greetingMilliseconds: 1_000,
} satisfies Partial<ServeOptions>;

/** The server of a run, a page of ours that watches it, and whoever else comes. */
export class Viewer {
  readonly network: SimulatedNetwork;
  readonly visitors: RudeVisitor[] = [];
  readonly strangers: (() => string)[] = [];
  #page: WebSocketEnd | undefined;
  #link: Link | undefined;
  #served: Served | undefined;

  constructor(
    readonly world: World,
    powers: Pick<ServeOptions, 'control' | 'branch'> = {},
  ) {
    const { environment, faults, disk, parts } = world;
    this.network = new SimulatedNetwork(environment, faults);
    const serving = serve({
      directory,
      port,
      key: Buffer.alloc(32),
      environment,
      disk,
      listen: this.network.listen,
      ...granted,
      ...powers,
      ...parts.granted,
    });
    void serving.then((served) => {
      this.#served = served;
      this.#open(served);
      this.#look();
    });
  }

  /** Whether the page has everything that the log holds up to this number. */
  has(seq: number): boolean {
    const { page } = this.world;
    return this.#page?.isClosed === false && page.isCaughtUp && page.feed.lastSeq === seq;
  }

  /** From so many bytes on that wait for it, a client is sent nothing more. */
  readonly full = granted.backlog.full;

  /** Whether all who were rude, or did not answer any more, were sent away: the page's connection alone is left. */
  get isAlone(): boolean {
    return this.network.open === 1 && this.visitors.every(({ ended }) => ended !== undefined);
  }

  /** Says something for the page; false where it is not connected. */
  say(text: string): boolean {
    return this.#page?.isClosed === false && this.#link!.send(text);
  }

  close(): Promise<void> | undefined {
    return this.#served?.close();
  }

  /** As a browser opens the address that the command prints, and keeps the cookie it is given. */
  #open({ url }: Served): void {
    const { page } = this.world;
    if (page.cookie !== undefined) {
      this.#watch();
      return;
    }
    let answer = '';
    const socket = this.network.connect({
      received: (bytes) => {
        answer += bytes.toString('latin1');
        if (!answer.includes('\r\n\r\n')) return;
        page.cookie ??= /^Set-Cookie: ([^;]+)/im.exec(answer)?.[1];
        socket.destroy();
      },
      closed: () => this.#watch(),
    });
    socket.receive(request(new URL(url).pathname + new URL(url).search, host));
  }

  #headers() {
    return { ...host, Cookie: this.world.page.cookie ?? 'none' };
  }

  #watch(): void {
    const { environment, page, parts } = this.world;
    this.#link = new Link({
      open: (listener) => {
        page.isCaughtUp = false;
        this.#page = new WebSocketEnd(this.network, socketPath, this.#headers(), listener);
        return this.#page;
      },
      hello: () => parts.hello(page.feed.hello()),
      receive: (data) => page.receive(data),
      state: (state, reason) => {
        if (state === 'refused') page.faults.push(`it was refused: ${reason}`);
      },
      after: (milliseconds, call) => void environment.timer(milliseconds, call, true),
      random: () => environment.random.uniform(),
    });
  }

  #look(): void {
    const { environment, faults, page } = this.world;
    const again = () => {
      if (faults.strikes('lostClient')) this.#page?.cut();
      if (faults.strikes('deadClient')) this.#page?.die();
      const hasRoom = this.visitors.length < mostVisitors && page.cookie !== undefined;
      if (hasRoom && faults.strikes('rudeVisitor')) {
        const { random } = environment;
        if (random.uniform() < 0.2) this.strangers.push(stranger(this.network, host));
        else this.visitors.push(new RudeVisitor(this.network, random, this.#headers()));
      }
      this.#look();
    };
    environment.timer(look, again, true);
  }
}
