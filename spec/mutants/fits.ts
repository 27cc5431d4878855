import { levenbergMarquardt } from '../../src/index.js';
import { times, transposed } from '../oracles/dense/matrices.js';
import { type FitOptions, type FitSubject, fitSubject } from '../subjects/fits.js';
import type { Mutant } from './mutant.js';

const right = fitSubject(levenbergMarquardt);

function mutant(described: Omit<Mutant, 'subject'>, fit: FitSubject['fit']): Mutant {
  const { id, killedBy } = described;
  return { ...described, subject: { ...right, name: `mutant ${id}`, claims: [killedBy], fit } };
}

/** A right fit that was told something else. */
const told =
  (change: (options: FitOptions) => FitOptions): FitSubject['fit'] =>
  (problem, start, options) =>
    right.fit(problem, start, change(options));

const each = (sigma: FitOptions['sigma'], of: (one: number) => number) =>
  typeof sigma === 'object' ? sigma.map(of) : of(sigma ?? 1);

/** A right fit that says something else of its parameters. */
const saying =
  (error: (right: number, m: number, n: number) => number): FitSubject['fit'] =>
  (problem, start, options) => {
    const fit = right.fit(problem, start, options);
    const m = problem.residuals(Float64Array.from(start)).length;
    return {
      ...fit,
      uncertainty(absolute) {
        const said = fit.uncertainty(absolute);
        if (said.kind !== 'determined') return said;
        return { ...said, standardErrors: said.standardErrors.map((one) => error(one, m, start.length)) };
      },
    };
  };

/** Mistakes in weights, losses, standard errors and ends. */
export const fitMutants: readonly Mutant[] = [
  mutant(
    {
      id: 'value-of-the-point-before',
      mistake: 'The value told with a point is that of the one before it.',
      killedBy: '112b',
    },
    (problem, start, options) => {
      const fit = right.fit(problem, start, options);
      return { ...fit, values: fit.values.map((_, k) => fit.values[Math.max(0, k - 1)]) };
    },
  ),
  mutant(
    {
      id: 'sigma-multiplies',
      mistake: 'Residuals are multiplied by σ: it is taken for a weight.',
      killedBy: '111',
    },
    told((options) => ({ ...options, sigma: each(options.sigma, (one) => 1 / one) })),
  ),
  mutant(
    {
      id: 'weights-of-one-power',
      mistake: 'The square of a residual is divided by σ, not by its square.',
      killedBy: '111',
    },
    told((options) => ({ ...options, sigma: each(options.sigma, Math.sqrt) })),
  ),
  mutant(
    {
      id: 'loss-scale-of-1',
      mistake: 'An outlier begins at 1, whatever the residuals’ units.',
      killedBy: '112',
    },
    told(({ lossScale: _, ...options }) => options),
  ),
  mutant(
    {
      id: 'loss-without-its-slope',
      mistake: 'The value is the loss’s, the gradient that of plain squares.',
      killedBy: '112b',
    },
    (problem, start, options) => {
      const x = Float64Array.from(start);
      const sigma = Number(options.sigma ?? 1);
      const r = problem.residuals(x);
      const gradient = Float64Array.from(times(transposed(problem.jacobian(x), r.length), r));
      return { ...right.fit(problem, start, options), gradient: gradient.map((g) => g / sigma ** 2) };
    },
  ),
  mutant(
    {
      id: 'deviation-over-m',
      mistake: 's² is ‖r‖²/m: the parameters’ degrees of freedom are counted as data.',
      seen: 'teaching material',
      killedBy: '113',
    },
    saying((error, m, n) => error * Math.sqrt((m - n) / m)),
  ),
  mutant(
    {
      id: 'variances-for-errors',
      mistake: 'The diagonal of the covariance is told as it is, without a root.',
      killedBy: '113',
    },
    saying((error) => error ** 2),
  ),
  mutant(
    {
      id: 'any-end-is-the-last-iteration',
      mistake: 'Whatever ended a run, it is said to have used up its iterations.',
      killedBy: '114',
    },
    (problem, start, options) => ({
      ...right.fit(problem, start, options),
      outcome: { kind: 'budget', by: 'iterations' },
    }),
  ),
  mutant(
    {
      id: 'value-tolerance-absolute',
      mistake: 'A run ends where the value changes by less than the tolerance itself, whatever its size.',
      seen: 'stopping rules of optimization packages',
      killedBy: '114',
    },
    (problem, start, { valueTolerance, ...options }) => {
      const fit = right.fit(problem, start, options);
      const at = fit.values.findIndex(
        (value, k) => k > 0 && Math.abs(value - fit.values[k - 1]) <= (valueTolerance ?? -1),
      );
      if (at < 0) return fit;
      return {
        ...fit,
        points: fit.points.slice(0, at + 1),
        values: fit.values.slice(0, at + 1),
        outcome: { kind: 'converged', by: 'value' },
      };
    },
  ),
];
