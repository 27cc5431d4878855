export type { LogEntry, RareEntry, RareEvent, StepsEntry } from './log-entry.js';
export { logName } from './log-file.js';
export { LogError, type RareKind } from './log-format.js';
export { LogReader } from './log-reader.js';
export { followLog, type NumberedEvent, type ReadOptions, readLog } from './read-log.js';
export { RunLog, type RunLogOptions } from './run-log.js';
export { isBeingWritten } from './writer-lock.js';
