export type { WatchOptions } from './shown-run.js';
export { watch } from './watch.js';
