/** How a run ended. Numerical trouble is data: only misuse and foreign failures are thrown. */
export interface Outcome {
  readonly kind:
    | 'converged'
    | 'budget'
    | 'stopped'
    | 'nonFinite'
    | 'diverged'
    | 'lineSearchFailed'
    | 'singular'
    | 'timeout'
    | 'deviceLost';
  /** One sentence for a person: what happened, and what to do about it where that is known. */
  readonly message: string;
  /** Which tolerance was met, or which limit was reached, of those that a run is given. */
  readonly by?: 'gradient' | 'value' | 'step' | 'iterations' | 'evaluations' | 'seconds';
  /** The operator and step at which it happened, where there is one. */
  readonly stage?: string;
  readonly step?: number;
  /** How a method in one variable failed, where it did. */
  readonly failure?: UnivariateFailure;
}

/**
 * How Newton's method and the secant method fail in one variable. Oscillation: the iterates return to where they
 * were. Overshoot: each step is longer than the one before, and the slope does not fall. Negative curvature: the
 * step leads to a maximum. Vanishing curvature: f″ is too small to divide by.
 */
export type UnivariateFailure = 'oscillation' | 'overshoot' | 'negativeCurvature' | 'vanishingCurvature';

/** The end of a run whose value cannot fall further in float64. */
export const atPrecision: Outcome = {
  kind: 'converged',
  message: 'no step changes the value by more than its rounding error',
};

/** The end of a run whose signal was aborted. */
export const stoppedByCaller: Outcome = { kind: 'stopped', message: 'stopped by the caller' };

/** The end of a run that used up its iterations, its evaluations or its seconds. */
export function spent(by: 'iterations' | 'evaluations' | 'seconds', count: number): Outcome {
  const message = {
    iterations: `all ${count} iterations were taken without reaching the tolerance: allow more`,
    evaluations: `all ${count} evaluations were made without reaching the tolerance: allow more`,
    seconds: `${count} seconds passed without reaching the tolerance: allow more`,
  }[by];
  return { kind: by === 'seconds' ? 'timeout' : 'budget', message, by };
}
