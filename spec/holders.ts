import { type Algebra, float64, functions } from '../src/index.js';
import * as oracles from './oracles/index.js';
import { denseCurvatures, ourCurvatures } from './oracles/network/curvature-subjects.js';
import { ourLayered, ourLayersDamping, ourModelSteps } from './oracles/network/layered-subjects.js';
import { ourDifferences } from './subjects/derivatives.js';
import { ourFactories } from './subjects/factories.js';
import { ourFits } from './subjects/fits.js';
import { ourLinearSolvers, ourOperators } from './subjects/linear.js';
import { ourAverage, ourComposition, ourOptimizers, ourSchedule } from './subjects/ours.js';
import { functionSubject } from './subjects/problem-subjects.js';
import { hostRoot, ourRoots } from './subjects/roots.js';
import { ourBounded } from './subjects/second-order/our-bounded.js';
import {
  ourBoxModels,
  ourDamping,
  ourDampingFactor,
  ourEstimates,
  ourLastLooks,
  ourLineSearches,
  ourSubproblems,
} from './subjects/second-order/our-parts.js';
import { ourLeastSquares, ourSolvers } from './subjects/second-order/our-solvers.js';
import { ourSpectrum } from './subjects/spectra.js';
import type { Subject } from './subjects/subject.js';

/** Everything that must obey the laws it claims: ours in this arithmetic. */
export function oursIn<T>(algebra: Algebra<T>): readonly Subject[] {
  return [...ourOptimizers(algebra), ourComposition(algebra), ourAverage(algebra), ...ourRoots(algebra)];
}

/** Everything that must obey the laws it claims, on the host: ours, the test functions and the naive oracles. */
export function onTheHost(): readonly Subject[] {
  const testFunctions = [...functions.values()].map(({ create }) => functionSubject(create()));
  const naive = Object.values(oracles).filter((oracle): oracle is Extract<typeof oracle, Subject> => {
    return typeof oracle === 'object';
  });
  return [...oursIn(float64), ...ourFactories, ourSchedule, ...testFunctions, ...ourSecondOrder, ...naive];
}

/** Our solvers and the parts they are made of, which run on the host alone. */
const ourSecondOrder: readonly Subject[] = [
  ...ourSolvers,
  ...ourLeastSquares,
  ...ourBounded,
  ...ourEstimates,
  ...ourSubproblems,
  ...ourBoxModels,
  ...ourLastLooks,
  ...ourLineSearches,
  ourDamping,
  ourDampingFactor,
  ...ourOperators,
  ...ourLinearSolvers,
  hostRoot,
  ourSpectrum,
  ourDifferences,
  ...ourFits,
  ourCurvatures(float64),
  denseCurvatures,
  ourLayered(float64),
  ourModelSteps(float64),
  ourLayersDamping,
];
