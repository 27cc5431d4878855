import type { Random } from '../../../src/index.js';
import {
  rosenbrock,
  styblinskiTang,
  type TestFunction,
  trid,
  zakharov,
} from '../../../src/problems/index.js';

const functions = [rosenbrock, trid, zakharov, styblinskiTang] as const;

/** Shares of all points at which a function has no finite value, gradient or Hessian, and at which it throws. */
export interface Holes {
  readonly value: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly thrown: number;
}

/** The function's own error. */
export class Thrown extends Error {}

/**
 * A test function with holes: whether there is one at a point is decided by the bits of the point and the seed alone,
 * so that who comes there again finds it again. The start has none.
 */
export function holedFunction(random: Random, holes: Holes): TestFunction {
  const sound: TestFunction = functions[random.integer(functions.length)](3 + random.integer(2));
  const seed = random.integer(2 ** 31);
  const start = Float64Array.from(sound.start);
  const isIn = (share: number, which: number, x: Float64Array) =>
    share > 0 && mixed(x, seed + which) < share && x.some((xi, i) => xi !== start[i]);
  const spoilt = (numbers: Float64Array) => numbers.fill(Number.NaN);
  return {
    ...sound,
    value(x) {
      if (isIn(holes.thrown, 0, x)) throw new Thrown('simulated');
      return isIn(holes.value, 1, x) ? Number.NaN : sound.value(x);
    },
    gradient(x) {
      const gradient = sound.gradient!(x);
      return isIn(holes.gradient, 2, x) ? spoilt(gradient) : gradient;
    },
    hessian(x) {
      const hessian = sound.hessian!(x);
      return isIn(holes.hessian, 3, x) ? spoilt(hessian) : hessian;
    },
  };
}

/** A number in [0, 1) that looks drawn, from the bits of a point. */
function mixed(x: Float64Array, seed: number): number {
  let hash = seed | 0;
  for (const word of new Uint32Array(x.buffer, x.byteOffset, 2 * x.length)) {
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
