export { allFinite, type NonFinite } from './finite.js';
export { type Lu, type LuWorkspace, lu, luDeterminant, luSolve, luWorkspace, type Singular } from './lu.js';
