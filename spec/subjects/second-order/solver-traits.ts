/** What laws ask of a solver besides its path: how its steps come from its points. */
export interface SolverTraits {
  /**
   * Which steps it can make from its points, where they are not each along a direction that its points tell:
   * (H + λI)s = −g in a region; the same with λD and no region; ends of conjugate gradients on Hs = −g; along a
   * direction of Broyden's matrix; steps of which the points tell no more than that f falls; the zero of an affine
   * model of f′, by f″ or by a secant.
   */
  readonly steps?: 'region' | 'damped' | 'truncated' | 'broyden' | 'falling' | 'newtonRoot' | 'secantRoot';
  /**
   * Where alone its direction is what everyone makes of its definition: while H is definite; while no eigenvalue or entry
   * is near 0; while pairs of steps and changes of gradients are curved.
   */
  readonly commonWhere?: 'definite' | 'regular' | 'curvedPairs';
  /** Whether its directions are made of pairs of steps and changes of gradients. */
  readonly ofPairs?: true;
  /** Whose β makes its directions conjugate, where they are. */
  readonly conjugate?: 'polakRibiere' | 'hagerZhang';
  /** Whether it takes the second derivative of f from two slopes. */
  readonly secants?: true;
  /** Whether it learns the matrix of its model, which is not the Hessian then. */
  readonly learnsModel?: true;
  /** Whether each step of a fit is damped, by what D its option `scaling` says. */
  readonly dampsFits?: true;
  /** Whether it tries its undamped step before it ends a fit by rounding. */
  readonly triesUndamped?: true;
}

const traits: Readonly<Record<string, SolverTraits>> = {
  trustRegion: { steps: 'region' },
  levenbergMarquardtNewton: { steps: 'damped' },
  newtonConjugateGradient: { steps: 'truncated' },
  polakRibiere: { conjugate: 'polakRibiere' },
  hagerZhangConjugate: { conjugate: 'hagerZhang' },
  broyden: { steps: 'broyden' },
  sr1: { steps: 'falling', learnsModel: true },
  univariateNewton: { steps: 'newtonRoot' },
  secant: { steps: 'secantRoot', secants: true },
  guardedNewton: { steps: 'falling' },
  lineSearchNewton: { commonWhere: 'definite' },
  modifiedNewton: { commonWhere: 'definite' },
  projectedNewton: { commonWhere: 'definite' },
  dampedNewton: { commonWhere: 'definite' },
  absoluteNewton: { commonWhere: 'regular' },
  pseudoinverseNewton: { commonWhere: 'regular' },
  diagonalNewton: { commonWhere: 'regular' },
  diagonalNewtonAsPublished: { commonWhere: 'regular' },
  bfgs: { commonWhere: 'curvedPairs', ofPairs: true },
  dfp: { commonWhere: 'curvedPairs', ofPairs: true },
  lbfgs: { commonWhere: 'curvedPairs', ofPairs: true },
  lbfgsb: { commonWhere: 'curvedPairs', ofPairs: true },
  lbfgsAsPublished: { ofPairs: true },
  levenbergMarquardt: { dampsFits: true, triesUndamped: true },
};

/** What is known of the method that a solver is; of a stranger nothing. */
export function solverTraits({ method }: { readonly method: string }): SolverTraits {
  return traits[method] ?? {};
}
