import type { Workplace } from './refresh-in-thread.js';

/**
 * A thread of Node that does dense linear algebra in float64: the works `inverses`, `eigenbases` and
 * `kroneckerInverses`, that of K-FAC with a delay.
 *
 * @example lifted(method, { thread: linalgThread })
 */
export function linalgThread(): Workplace {
  const thread = import('./node-linalg-thread.js').then(({ startLinalgThread }) => startLinalgThread());
  thread.catch(() => {}); // told by the first work
  return {
    work: async (name, request) => (await thread).work(name, request),
    close: () => void thread.then((open) => open.close()),
  };
}
