import {
  bfgs,
  gaussNewton,
  type LeastSquaresSolver,
  leastSquares,
  levenbergMarquardt,
  minimize,
  type Outcome,
  type RobustLoss,
  type RunOptions,
  type RunStep,
  type Uncertainty,
  uncertainty,
} from '../../src/index.js';
import type { Named } from './named.js';
import type { HalfSquares } from './second-order/subject.js';

/** What a run is told besides its problem and start. */
export interface FitOptions {
  sigma?: number | readonly number[];
  loss?: RobustLoss;
  lossScale?: number;
  maxIterations?: number;
  maxEvaluations?: number;
  maxSeconds?: number;
  /** Tells the seconds: one more each time it is asked. */
  clock?: () => number;
  valueTolerance?: number;
  stepTolerance?: number;
  gradientTolerance?: number;
}

export interface Fitted {
  /** x₀, x₁, … with the values there. */
  readonly points: readonly Float64Array[];
  readonly values: readonly number[];
  readonly gradient: Float64Array;
  readonly evaluations: number;
  readonly outcome: Pick<Outcome, 'kind' | 'by'>;
  /** What the fit says of its parameters; `absolute` where σ is that of the data. */
  uncertainty(absolute: boolean): Uncertainty;
}

/** A run of least squares with all that may be asked of it, or of a function with its limits. */
export interface FitSubject extends Named {
  readonly kind: 'fit';
  fit(problem: HalfSquares, start: readonly number[], options: FitOptions): Fitted;
}

/** Notes the path of a run. */
function noted() {
  const points: Float64Array[] = [];
  const values: number[] = [];
  const onStep: RunOptions<RunStep>['onStep'] = ({ x, value }) => {
    points.push(x.slice());
    values.push(value);
  };
  return { points, values, onStep };
}

/** A solver of least squares as a subject. */
export function fitSubject(solver: () => LeastSquaresSolver): FitSubject {
  return {
    kind: 'fit',
    name: `leastSquares by ${solver().name}`,
    epsilon: 2 ** -52,
    claims: ['111', '112', '112b', '113', '114'],
    fit({ residuals, jacobian }, start, options) {
      const { points, values, onStep } = noted();
      const fit = leastSquares({ residuals, jacobian }, start, solver(), { ...options, onStep });
      return {
        points,
        values,
        gradient: fit.gradient,
        evaluations: fit.evaluations.residuals,
        outcome: fit.outcome,
        uncertainty: (absolute) => uncertainty(fit, { absolute }),
      };
    },
    scope: (body) => body(),
  };
}

/** Of a function only the limits are claimed. */
const minimization: FitSubject = {
  kind: 'fit',
  name: 'minimize by bfgs',
  epsilon: 2 ** -52,
  claims: ['114'],
  fit({ value, gradient }, start, { sigma: _, loss: __, lossScale: ___, ...limits }) {
    const { points, values, onStep } = noted();
    const run = minimize({ value, gradient }, start, bfgs(), { ...limits, onStep });
    return {
      points,
      values,
      gradient: run.gradient,
      evaluations: run.evaluations.value,
      outcome: run.outcome,
      uncertainty: () => ({ kind: 'undetermined', message: 'not a fit', rank: 0, dependent: [] }),
    };
  },
  scope: (body) => body(),
};

export const ourFits: readonly FitSubject[] = [
  fitSubject(levenbergMarquardt),
  fitSubject(gaussNewton),
  minimization,
];
