import type { MessagePort } from 'node:worker_threads';
import type { Finding } from '../../../spec/index.js';

/** What the thread that examines a subject is told when it starts. */
export interface Orders {
  readonly source: Source;
  readonly claims?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What is to be found out; everything there is where it is left out. */
  readonly agenda?: readonly string[];
  /** Whether paths are to be found too, for a picture. */
  readonly pictured?: boolean;
  readonly seed: number;
  readonly runs: number;
  readonly path?: string;
  readonly seconds: number;
  /** See {@link Heartbeat}. */
  readonly heartbeat: SharedArrayBuffer;
}

/** Where a subject comes from: a module, or a process that answers lines through this port. */
export type Source =
  | { readonly kind: 'module'; readonly path: string }
  | { readonly kind: 'pipe'; readonly answers: MessagePort; readonly bell: SharedArrayBuffer };

export type FromThread =
  /** The subject stands, and this is what will be found out about it. */
  | { readonly kind: 'subject'; readonly subject: Described; readonly agenda: readonly string[] }
  | { readonly kind: 'begins'; readonly id: string }
  | { readonly kind: 'found'; readonly finding: Finding }
  /** A line for the process at the other end of the pipe. */
  | { readonly kind: 'ask'; readonly line: string }
  | { readonly kind: 'misuse'; readonly message: string }
  /** `asked`: what the subject asked of the world outside. */
  | { readonly kind: 'done'; readonly asked: readonly string[] };

export interface Described {
  readonly name: string;
  /** What it claims to be, with every option; nothing for a stranger. */
  readonly claims?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}
