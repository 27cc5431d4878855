import { readFileSync } from 'node:fs';
import {
  agingLine,
  arctangentOnLine,
  enzymeReaction,
  exponentialOverLine,
  exponentialSum,
  generalizedLogistic,
  logistic,
  offsetExponentials,
  peak,
  peaksOnDecay,
  power,
  powerSaturation,
  type RegressionModel,
  type Residuals,
  rational,
  reciprocalExponential,
  regression,
  saturation,
  shiftedPower,
  threeCycles,
} from '../../../src/index.js';

/** One of NIST's sets for nonlinear regression. */
export interface ReferenceSet {
  readonly name: string;
  readonly level: 'lower' | 'average' | 'higher';
  /** The further start first. */
  readonly starts: readonly [readonly number[], readonly number[]];
  readonly certified: readonly number[];
  /** The certified standard deviations of the parameters. */
  readonly deviations: readonly number[];
  /** Σ rᵢ² at the certified parameters. */
  readonly sumOfSquares: number;
  /** The observations that the model is fitted to. */
  readonly y: readonly number[];
  readonly problem: Required<Residuals>;
}

const models: Readonly<Record<string, RegressionModel>> = {
  Chwirut1: exponentialOverLine,
  Chwirut2: exponentialOverLine,
  DanWood: power,
  Gauss1: peaksOnDecay,
  Gauss2: peaksOnDecay,
  Lanczos3: exponentialSum,
  Misra1a: saturation,
  Misra1b: powerSaturation(2),
  ENSO: threeCycles,
  Gauss3: peaksOnDecay,
  Hahn1: rational(3, 3),
  Kirby2: rational(2, 2),
  Lanczos1: exponentialSum,
  Lanczos2: exponentialSum,
  MGH17: offsetExponentials,
  Misra1c: powerSaturation(1 / 2),
  Misra1d: powerSaturation(1),
  Roszman1: arctangentOnLine,
  Bennett5: shiftedPower,
  BoxBOD: saturation,
  Eckerle4: peak,
  MGH09: enzymeReaction,
  MGH10: reciprocalExponential,
  Rat42: logistic,
  Rat43: generalizedLogistic,
  Thurber: rational(3, 3),
};

interface Stored extends Omit<ReferenceSet, 'problem'> {
  readonly x: readonly (number | readonly number[])[];
}

const path = new URL('../../data/nist.json', import.meta.url);
const stored: readonly Stored[] = JSON.parse(readFileSync(path, 'utf8')).sets;

export const referenceSets: readonly ReferenceSet[] = stored.map(({ x, y: observed, ...set }) => {
  const y = set.name === 'Nelson' ? observed.map(Math.log) : observed; // its model is of log y
  const problem =
    set.name === 'Nelson'
      ? regression(agingLine, x as readonly number[][], y)
      : regression(models[set.name], x as readonly number[], y);
  return { ...set, y, problem: problem as Required<Residuals> };
});

/** All digits that the reference certifies. */
const certifiedDigits = 11;

/**
 * The digits that all parameters have right: −log₁₀ of the largest |xⱼ − cⱼ|/|cⱼ|, at least 0 and at most the 11
 * certified ones.
 *
 * Source: NIST StRD, the log relative error; McCullough 1998.
 */
export function correctDigits(x: ArrayLike<number>, certified: readonly number[]): number {
  let worst = 0;
  for (let j = 0; j < certified.length; j++) {
    const error = Math.abs(x[j] - certified[j]) / Math.abs(certified[j]);
    if (!(error <= worst)) worst = error;
  }
  return Math.max(0, Math.min(certifiedDigits, -Math.log10(worst))) || 0;
}
