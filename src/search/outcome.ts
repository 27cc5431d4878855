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
    | 'timeout';
  /** One sentence for a person: what happened, and what to do about it where that is known. */
  readonly message: string;
  /** The operator and step at which it happened, where there is one. */
  readonly stage?: string;
  readonly step?: number;
}
