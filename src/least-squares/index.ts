export type { ResidualScale } from './marquardt-model.js';
