const solvesQuadratics = ['16b', '17'];
const learnsHessians = ['27', '28', '36'];

/** Which laws of second order a solver or one of its parts claims, by name. */
export const secondOrderClaims: Readonly<Record<string, readonly string[]>> = {
  steepestDescent: ['3'],
  newton: ['13', '14', '15', ...solvesQuadratics],
  lineSearchNewton: ['13', '14', '15', ...solvesQuadratics],
  univariateNewton: ['13', '13c', '14', '15'],
  guardedNewton: ['13', '13d'],
  secant: ['14', '15b'],
  dampedNewton: [...solvesQuadratics, '19'],
  absoluteNewton: ['16b', '20'],
  pseudoinverseNewton: ['16b', '18'],
  modifiedNewton: ['16b'],
  diagonalNewton: ['37'],
  trustRegion: ['16b', '26c'],
  doglegRegion: ['16b', '26c'],
  steihaugRegion: ['26c'],
  sr1: ['26c'],
  levenbergMarquardtNewton: ['22b', '24', '26c'],
  levenbergMarquardt: ['22', '23', '24b', '25', '26b', '73b', '73d', '74b'],
  acceleratedResiduals: ['23d', '25', '73b', '73d', '74b'],
  gaussNewton: ['23b', '73b', '74b'],
  bfgs: ['3b', '34', '35b'],
  dfp: ['3b', '34'],
  lbfgs: ['3b', '34', '35b'],
  polakRibiere: ['3b', '34', '35c'],
  hagerZhangConjugate: ['3b', '34', '35c'],
  broyden: ['32'],
  inverseBfgs: [...learnsHessians, '29', '30'],
  inverseDfp: [...learnsHessians, '29', '30'],
  symmetricRankOne: [...learnsHessians, '33'],
  inverseRankOne: [...learnsHessians, '33'],
  broydenJacobian: ['27', '31'],
  inverseBroyden: ['27', '31'],
  guardedBfgs: ['27', '28', '29', '29b', '29c', '35d', '30'],
  guardedDfp: ['27', '28', '29', '29b', '29c', '35d', '30'],
  limitedMemory: ['27', '29', '29b', '29c', '35d', '35'],
  secantPairs: ['27', '29', '35'],
  exact: ['21', '21b'],
  dogleg: ['21', '21d'],
  steihaug: ['21', '21c'],
  boxModel: ['99b', '99c'],
  lastLook: ['74c'],
  marquardtOfAnyScale: ['22c'],
  flooredMarquardt: ['22d'],
  shortestGaussNewton: ['23c'],
  backtracking: ['36b', '36d', '36e', '36g'],
  strongWolfe: ['36b', '36c', '36d', '36g', '36h'],
  bisection: ['36b', '36d'],
  hagerZhang: ['36b', '36d', '36f', '36g', '36i'],
  gainRatioDamping: ['26'],
  nielsenDamping: ['26', '26g'],
};

/** What methods claim besides as they come, without the choices that laws make. */
export const claimsAsTheyCome: Readonly<Record<string, readonly string[]>> = {
  bfgs: ['36j'],
  dfp: ['36j'],
  lbfgs: ['36j'],
  lbfgsAsPublished: ['35e'],
  nonlinearConjugateGradient: ['36j'],
};

/** What every solver must obey, a stranger's too. */
export const universalOfSolvers = { minimize: ['U6', 'U7'], leastSquares: ['U6b', 'U7b'] } as const;

/** The laws of a stranger's solver that claims to be this method: those of every solver, and agreement in its steps. */
export function strangersClaims(place: keyof typeof universalOfSolvers, method: string): readonly string[] {
  const universal = universalOfSolvers[place];
  return method === 'stranger' ? universal : [...universal, place === 'minimize' ? 'A2' : 'A3'];
}
