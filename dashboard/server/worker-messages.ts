import type { Adjustment, BranchMade, BranchRequest, Control, SliceListener } from './protocol.js';

/** What the main thread and the server's thread say to each other. */
export interface WorkerOptions {
  readonly directory?: string;
  readonly folder?: string;
  readonly port: number;
  readonly pageFolder: string;
  /** Whether buttons are heeded. */
  readonly control: boolean;
  /** Whether runs can be begun from checkpoints. */
  readonly branch: boolean;
  /** Whether slices can be computed. */
  readonly slice: boolean;
  /** Whether other threads of this process come first where cores are short. */
  readonly standBack: boolean;
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
  | { readonly kind: 'branch'; readonly id: number; readonly request: BranchRequest }
  | { readonly kind: 'slice'; readonly id: number; readonly request: Parameters<SliceListener>[0] }
  | {
      readonly kind: 'control';
      readonly id: number;
      readonly action: Control['action'];
      readonly adjustment?: Adjustment;
    };

export type ToWorker =
  | { readonly kind: 'close' }
  /** What came of a control, a branch or a slice with this number: why nothing, or the run that was made. */
  | { readonly kind: 'answer'; readonly id: number; readonly refusal?: string; readonly made?: BranchMade };
