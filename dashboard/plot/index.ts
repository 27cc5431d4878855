export type { Landscape } from './contour-panel.js';
export { type ContourPlot, contourPlot } from './contour-plot.js';
export { type ConvergencePlot, convergencePlot } from './convergence-plot.js';
export { type KnownMinimum, LiveLandscape } from './landscape.js';
export { type DrawnLoss, type LossPlot, lossPlot } from './loss-plot.js';
export { meanLoss } from './mean-loss.js';
export type { PlotPath } from './plot-path.js';
export { type RacePlot, racePlot } from './race-plot.js';
export { checkedSuffix, PlotError, writePlot } from './write-plot.js';
