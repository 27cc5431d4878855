import type { Routines } from '../wasm-routines.js';

/** Where the entries of a box lie: that at the indices i at address + Σ iₖ·strideₖ, in bytes. */
export interface Place {
  readonly address: number;
  readonly strides: readonly number[];
}

/** The strides of a whole array of entries of 4 bytes. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 4; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

interface Axis {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** Copies a box of entries of 4 bytes from one place to another, run by run of what lies side by side in both. */
export function copyBox(routines: Routines, shape: readonly number[], from: Place, to: Place): void {
  if (shape.includes(0)) return;
  const [run, ...others] = joined(shape, from.strides, to.strides);
  const inner: Axis = others.shift() ?? { length: 1, from: 0, to: 0 };
  const copy = (source: number, target: number, outer: number): void => {
    if (outer < 0) {
      routines.copyRuns(source, target, 4 * run.length, inner.length, inner.from, inner.to);
      return;
    }
    const axis = others[outer];
    for (let i = 0; i < axis.length; i++) copy(source + i * axis.from, target + i * axis.to, outer - 1);
  };
  copy(from.address, to.address, others.length - 1);
}

/** The axes from the last one on, those joined over which both places go on evenly; the first is a run. */
function joined(shape: readonly number[], from: readonly number[], to: readonly number[]): Axis[] {
  const axes: Axis[] = [{ length: 1, from: 4, to: 4 }];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis];
    if (length === 1) continue;
    const last = axes[axes.length - 1];
    if (from[axis] === last.length * last.from && to[axis] === last.length * last.to) {
      axes[axes.length - 1] = { ...last, length: last.length * length };
    } else axes.push({ length, from: from[axis], to: to[axis] });
  }
  return axes;
}
