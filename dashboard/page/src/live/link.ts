/** One connection, as a link needs it. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** What a connection tells; nothing more after `closed`. */
export interface Listener {
  opened(): void;
  received(data: string | ArrayBuffer): void;
  closed(code: number, reason: string): void;
}

export type LinkState = 'connecting' | 'open' | 'reconnecting' | 'refused';

export interface LinkSettings {
  readonly open: (listener: Listener) => Socket;
  /** The first message on every connection, where one is to be sent. */
  readonly hello?: () => string;
  /** Told of every connection. */
  readonly opened?: () => void;
  readonly receive: (data: string | ArrayBuffer) => void;
  /** `reason` says why where the server closed for good. */
  readonly state: (state: LinkState, reason: string) => void;
  /** Calls back after some milliseconds. */
  readonly after: (milliseconds: number, call: () => void) => void;
  /** Uniform in [0, 1): spreads many pages over time when a server comes back. */
  readonly random: () => number;
}

const firstWait = 250;
/** A page that is open is there again within two seconds after its server. */
const longestWait = 1_500;

/** Codes after which trying again would only fail again: malformed data and a policy broken. */
const final: readonly number[] = [1007, 1008];

/**
 * A connection that comes back by itself: after 250 ms, then twice as long each time up to 1.5 s, less a random
 * part of up to a half. The wait starts anew once something has been received.
 */
export class Link {
  readonly #settings: LinkSettings;
  #socket: Socket | undefined;
  #wait = firstWait;
  #connected = false;
  /** What came made no sense; nothing more is taken in. */
  #refused = false;

  constructor(settings: LinkSettings) {
    this.#settings = settings;
    this.#open();
  }

  /** Sends if there is a connection; false where there is none. */
  send(text: string): boolean {
    if (!this.#connected) return false;
    this.#socket!.send(text);
    return true;
  }

  #open(): void {
    const { open, hello, opened, state } = this.#settings;
    const socket = open({
      opened: () => {
        this.#connected = true;
        opened?.();
        if (hello !== undefined) socket.send(hello());
        state('open', '');
      },
      received: (data) => {
        if (!this.#refused) this.#receive(data);
      },
      closed: (code, reason) => {
        this.#connected = false;
        if (this.#refused) return;
        if (final.includes(code)) state('refused', reason);
        else this.#retry();
      },
    });
    this.#socket = socket;
  }

  #receive(data: string | ArrayBuffer): void {
    const { receive, state } = this.#settings;
    this.#wait = firstWait;
    try {
      receive(data);
    } catch (error) {
      this.#refused = true;
      this.#socket!.close();
      state('refused', `The server and this page do not understand each other: ${(error as Error).message}`);
    }
  }

  #retry(): void {
    const { state, after, random } = this.#settings;
    state('reconnecting', '');
    const wait = this.#wait * (1 - random() / 2);
    this.#wait = Math.min(longestWait, 2 * this.#wait);
    after(wait, () => this.#open());
  }
}
