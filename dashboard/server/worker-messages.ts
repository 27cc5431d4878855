import type { Adjustment, Control } from './protocol.js';

/** What the main thread and the server's thread say to each other. */
export interface WorkerOptions {
  readonly directory?: string;
  readonly folder?: string;
  readonly port: number;
  readonly pageFolder: string;
  /** Whether buttons are heeded. */
  readonly control: boolean;
  /** What goes on with the run once it is stopped. */
  readonly resume?: string;
}

export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string; readonly readOnlyUrl: string }
  | {
      readonly kind: 'failed';
      readonly what: 'port' | 'log' | 'other';
      readonly port: number;
      readonly message: string;
    }
  | {
      readonly kind: 'control';
      readonly action: Control['action'];
      readonly adjustment?: Adjustment;
    };

export interface ToWorker {
  readonly kind: 'close';
}
