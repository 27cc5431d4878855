export { type BacktrackingOptions, backtracking } from './backtracking.js';
export type { Direction, DirectionRule } from './descend.js';
export { descend } from './descend.js';
export { fixedStep } from './fixed-step.js';
export { type HagerZhangOptions, hagerZhang } from './hager-zhang.js';
export type { Line } from './line.js';
export type { LineSearch, SearchEnd } from './line-search.js';
export { searches } from './searches.js';
export { type StrongWolfeOptions, strongWolfe } from './strong-wolfe.js';
