export { LogError } from '../record/log/index.js';
export { PortInUse } from './serve.js';
export { type Dashboard, type DashboardOptions, startDashboard } from './start-dashboard.js';
