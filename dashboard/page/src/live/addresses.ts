import { socketPath } from '../../../server/protocol.js';
import { runsPath } from '../../../server/runs-protocol.js';

/** What the page is asked to show: the list of runs, or one run, with others to compare it with. */
export type Asked =
  | { readonly view: 'runs' }
  | { readonly view: 'run'; readonly run: string | null; readonly others: readonly string[] };

/** Reads the page's address: `?run=a&with=b&with=c`, or `?runs`. A server of a folder begins with its list. */
export function asked(address: URL, first: string | undefined): Asked {
  const run = address.searchParams.get('run');
  if (run === null && (first === 'runs' || address.searchParams.has('runs'))) return { view: 'runs' };
  return { view: 'run', run, others: address.searchParams.getAll('with') };
}

/** Where a run's page is: the first of several is compared with the others. */
export function runAddress([run, ...others]: readonly string[]): string {
  const query = new URLSearchParams([['run', run!], ...others.map((other) => ['with', other])]);
  return `./?${query}`;
}

/** Where the events of a run come from; of the one that is served where none is named. */
export function liveAddress(page: URL, run: string | null): URL {
  const address = socketAddress(page, socketPath);
  if (run !== null) address.searchParams.set('run', run);
  return address;
}

export const runsAddress = (page: URL): URL => socketAddress(page, runsPath);

function socketAddress(page: URL, path: string): URL {
  const address = new URL(path, page);
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:';
  return address;
}
