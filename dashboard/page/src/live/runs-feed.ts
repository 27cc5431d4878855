import type { ListedRun } from '../../../record/runs/run-index.js';
import type { RunsClientMessage, RunsServerMessage } from '../../../server/runs-protocol.js';

/** What is known of a folder of runs. */
export interface RunsKnown {
  readonly folder: string;
  /** Whether labels may be changed, and runs deleted. */
  readonly change: boolean;
  readonly share?: string;
  /** The newest first. */
  readonly runs: readonly ListedRun[];
  /** Whether all have come. */
  readonly listed: boolean;
  /** What was refused last, in a sentence. */
  readonly notice: string;
}

export const nothingKnown: RunsKnown = { folder: '', change: false, runs: [], listed: false, notice: '' };

/** Keeps the list of runs as the server tells it. */
export class RunsFeed {
  #runs = new Map<string, ListedRun>();
  #known = nothingKnown;

  constructor(readonly changed: (known: RunsKnown) => void) {}

  /** A connection opens: all is told anew. */
  open(): void {
    this.#runs = new Map();
    this.#know({ listed: false });
  }

  /** @throws SyntaxError on what is no message of the server */
  receive(text: string): void {
    const message = JSON.parse(text) as RunsServerMessage;
    if (message.kind === 'folder') {
      const { folder, change, share } = message;
      this.#know({ folder, change, share });
    } else if (message.kind === 'runs') {
      for (const run of message.runs) this.#runs.set(run.path, run);
      for (const path of message.gone) this.#runs.delete(path);
      this.#know({ runs: [...this.#runs.values()].sort(byAge), notice: '' });
    } else if (message.kind === 'listed') this.#know({ listed: true });
    else this.#know({ notice: message.message });
  }

  #know(news: Partial<RunsKnown>): void {
    this.#known = { ...this.#known, ...news };
    this.changed(this.#known);
  }
}

const byAge = (a: ListedRun, b: ListedRun) => (a.created === b.created ? 0 : a.created < b.created ? 1 : -1);

export const runsMessage = (message: RunsClientMessage): string => JSON.stringify(message);
