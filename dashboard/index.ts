export { type RaceOptions, race } from './cli/race/race.js';
export type { RacedFunction, RacedProblem } from './cli/race/raced-problem.js';
export {
  type ContourPlot,
  type ConvergencePlot,
  contourPlot,
  convergencePlot,
  type KnownMinimum,
  type Landscape,
  PlotError,
  type PlotPath,
  type RacePlot,
  racePlot,
  writePlot,
} from './plot/index.js';
export {
  readCheckpoint,
  readParameters,
  writeCheckpoint,
  writeParameters,
} from './record/checkpoint/index.js';
export type {
  CheckpointWritten,
  Controlled,
  Evaluated,
  LandscapeSampled,
  MethodDescription,
  MethodEnded,
  MethodResult,
  OperatorsMeasured,
  PointVisited,
  RunEnded,
  RunEvent,
  RunStarted,
  StepModel,
  StepTaken,
  Trial,
} from './record/events.js';
export {
  followLog,
  LogError,
  type NumberedEvent,
  type ReadOptions,
  RunLog,
  type RunLogOptions,
  readLog,
} from './record/log/index.js';
export { type LoggedNumbers, LoggedRun, type LoggedRunOptions } from './record/recording/logged-run.js';
export { type Dashboard, type DashboardOptions, PortInUse, startDashboard } from './server/index.js';

export { type WatchOptions, watch } from './watch/index.js';
