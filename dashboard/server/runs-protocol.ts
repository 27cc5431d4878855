import { oneOf } from '../../src/algebra/argument.js';
import { checkedLabels, type RunLabels } from '../record/runs/labels.js';
import type { ListedRun } from '../record/runs/run-index.js';

/**
 * What the page and the server say to each other over the WebSocket at `runsPath`, about all runs in a folder. It is
 * there where a folder is served and not one run alone. The server opens with all runs, in several messages, then
 * `listed`; later it sends those that have changed. Text in JSON.
 */
export const runsPath = '/runs';

export type RunsServerMessage =
  | {
      readonly kind: 'folder';
      /** As it was asked for. */
      readonly folder: string;
      /** Whether labels may be changed, and runs deleted. */
      readonly change: boolean;
      /** The address to give to who may look and change nothing. */
      readonly share?: string;
    }
  | { readonly kind: 'runs'; readonly runs: readonly ListedRun[]; readonly gone: readonly string[] }
  /** All runs have been sent. */
  | { readonly kind: 'listed' }
  | { readonly kind: 'refused'; readonly message: string };

export type RunsClientMessage =
  | { readonly kind: 'label'; readonly path: string; readonly labels: RunLabels }
  | { readonly kind: 'delete'; readonly path: string }
  /** Takes back what was deleted. */
  | { readonly kind: 'restore'; readonly path: string };

/**
 * Checks what a client sent, already parsed.
 *
 * @throws TypeError or RangeError naming the field
 */
export function runsClientMessage(value: unknown): RunsClientMessage {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new TypeError('message: expected an object with a kind');
  }
  const { kind: given, path, labels } = value as Record<string, unknown>;
  const kind = oneOf('message', 'kind', given, ['label', 'delete', 'restore']);
  if (!isInside(path)) throw new TypeError(`${kind}(path): expected the path of a run in the folder`);
  return kind === 'label' ? { kind, path, labels: checkedLabels(labels) } : { kind, path };
}

/** Whether a path leads to something inside a folder, and into nothing that is hidden there. */
export function isInside(path: unknown): path is string {
  if (typeof path !== 'string' || path.length > 1_000) return false;
  return path.split(/[\\/]/).every((part) => part !== '' && !part.startsWith('.') && !part.includes('\0'));
}
