export { differingOptions } from './differing-options.js';
export { foundRuns } from './found-runs.js';
export { checkedLabels, type RunLabels } from './labels.js';
export { deletedRuns, indexName, type ListedRun, RunIndex } from './run-index.js';
export {
  changeLabels,
  deletedFolder,
  deleteRun,
  emptyDeleted,
  labelsName,
  readLabels,
  restoreRun,
} from './run-labels.js';
export { type MethodSummary, type RunSummary, runSummary, type Standing } from './run-summary.js';
export { relativeHeights, sparkline } from './sparkline.js';
