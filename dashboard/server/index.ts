export { LogError } from '../record/log/index.js';
export { builtLearningPage } from './page-files.js';
export type {
  Adjustment,
  BranchListener,
  BranchMade,
  BranchRequest,
  ControlListener,
  SliceListener,
} from './protocol.js';
export { PortInUse } from './serve.js';
export { serveFiles } from './serve-files.js';
export { type Dashboard, type DashboardOptions, startDashboard } from './start-dashboard.js';
