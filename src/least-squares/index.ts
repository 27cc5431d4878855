export type { ResidualScale } from './marquardt-model.js';
export { type Fit, type Uncertainty, uncertainty } from './uncertainty.js';
