import {
  type LevenbergMarquardtOptions,
  leastSquares,
  levenbergMarquardt,
  type SumOfSquares,
} from '../../../src/index.js';
import type { Bounded } from './bounded-problem.js';
import { boundedFunctions } from './functions.js';
import { boundedSums } from './sums.js';

/** How SciPy fared, and where the figures come from. */
export interface Recorded {
  readonly about: string;
  readonly problems: readonly RecordedEnds[];
}

export interface RecordedEnds {
  readonly name: string;
  readonly lbfgsb: End | null;
  readonly trf: End | null;
}

export interface End {
  readonly value: number;
  readonly evaluations: number;
}

/** SciPy's figures as they were recorded. */
export const recordFile = new URL('../../data/bounded.json', import.meta.url);

/** The tolerances of a fit: those of trf, whose gradient's is absolute, in our own terms. */
export const fitLimits = { valueTolerance: 1e-8, stepTolerance: 1e-8, gradientTolerance: 1e-8 };

/** Problems with bounds: sums of squares and others. */
export const boundedProblems: readonly Bounded[] = [...boundedFunctions, ...boundedSums];

/**
 * Whether a value is that of the minimum, to 10⁻⁸(1 + |f*|): the least that any of SciPy's methods reached, or what was
 * published where that is less.
 */
export function isSolved({ minimumInTheBox }: Bounded, value: number, scipy?: RecordedEnds): boolean {
  const known = [minimumInTheBox, scipy?.lbfgsb?.value, scipy?.trf?.value];
  const least = Math.min(...known.filter((one): one is number => one !== undefined));
  return value <= least + 1e-8 * (1 + Math.abs(least));
}

/** What is asked of the residuals until their sum is first the minimum's, whatever ends the run. */
export interface Reached {
  residuals: number;
  jacobian: number;
}

/** A problem that counts what it is asked, and remembers the counts when it first was at its minimum. */
export function counted(of: Bounded<SumOfSquares>, scipy?: RecordedEnds) {
  const asked: Reached = { residuals: 0, jacobian: 0 };
  let reached: Reached | undefined;
  return {
    ...of,
    residuals(x: Float64Array) {
      asked.residuals++;
      const r = of.residuals(x);
      const value = r.reduce((sum, ri) => sum + ri * ri, 0);
      if (reached === undefined && isSolved(of, value, scipy)) reached = { ...asked };
      return r;
    },
    jacobian(x: Float64Array) {
      asked.jacobian++;
      return of.jacobian(x);
    },
    reached: () => reached,
  };
}

/** The same of Levenberg–Marquardt run to its last digit. */
export function reachedBy(
  of: Bounded<SumOfSquares>,
  options: LevenbergMarquardtOptions,
  scipy?: RecordedEnds,
): Reached | undefined {
  const { residuals, jacobian, reached } = counted(of, scipy);
  leastSquares({ residuals, jacobian }, of.start, levenbergMarquardt(options), {
    bounds: of.bounds,
    maxIterations: 2000,
  });
  return reached();
}
