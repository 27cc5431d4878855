import { plainJacobian } from '../oracles/central-differences.js';
import { type DerivativesSubject, ourDifferences } from '../subjects/derivatives.js';
import type { Mutant } from './mutant.js';

type Way = DerivativesSubject['jacobian'];

function mutant(described: Omit<Mutant, 'subject'>, jacobian: Way): Mutant {
  const { id, killedBy } = described;
  return {
    ...described,
    subject: { ...ourDifferences, name: `mutant ${id}`, claims: [killedBy], jacobian },
  };
}

/** Central differences with steps that only x chooses. */
const stepsBy =
  (step: (xj: number) => number): Way =>
  (values, x) => {
    const n = x.length;
    const jacobian = new Float64Array(values(x).length * n);
    for (let j = 0; j < n; j++) {
      const [above, below] = [x.slice(), x.slice()];
      above[j] += step(x[j]);
      below[j] -= step(x[j]);
      const [high, low] = [values(above), values(below)];
      for (let i = 0; i < high.length; i++) jacobian[i * n + j] = (high[i] - low[i]) / (above[j] - below[j]);
    }
    return { jacobian, error: 0 };
  };

/** (f(x + h) − f(x))/h towards the side with more room, of first order only. */
function oneSided(
  at: (x: Float64Array) => Float64Array,
  { x, lower, upper }: Record<'x' | 'lower' | 'upper', Float64Array>,
) {
  const here = at(x);
  const columns = [...x].map((xi, j) => {
    const [below, above] = [xi - lower[j], upper[j] - xi];
    const h = above >= below ? Math.min(1e-4, above) : -Math.min(1e-4, below);
    return at(x.map((xk, k) => (k === j ? xk + h : xk))).map((there, i) =>
      h === 0 ? 0 : (there - here[i]) / h,
    );
  });
  return Float64Array.from(
    { length: here.length * x.length },
    (_, entry) => columns[entry % x.length][Math.floor(entry / x.length)],
  );
}

/** Mistakes in taking derivatives from values. */
export const differenceMutants: readonly Mutant[] = [
  mutant(
    { id: 'step-of-one-size', mistake: 'The step is 10⁻⁵, whatever the unit of x.', killedBy: '75' },
    stepsBy(() => 1e-5),
  ),
  mutant(
    {
      id: 'step-tied-to-x',
      mistake: 'The step is ε^⅓·|x|, whatever length the function has there.',
      seen: 'optimizers whose relative steps lose a peak on Unix seconds',
      killedBy: '75',
    },
    stepsBy((xj) => Math.cbrt(2 ** -52) * Math.abs(xj) || 1e-5),
  ),
  mutant(
    {
      id: 'step-of-at-least-one-size',
      mistake: 'The step is ε^⅓·max(1, |x|).',
      seen: 'an early version of this library, and advice in textbooks',
      killedBy: '75',
    },
    (values, x) => {
      const jacobian = new Float64Array(values(x).length * x.length);
      plainJacobian(values, x, jacobian);
      return { jacobian, error: 0 };
    },
  ),
  mutant(
    {
      id: 'half-the-digits',
      mistake: 'Half of the digits that the values have are lost in a derivative.',
      killedBy: '75d',
    },
    (values, x) => {
      const { jacobian, error } = ourDifferences.jacobian(values, x);
      return { jacobian: jacobian.map((entry) => entry * (1 + 2 ** -20)), error };
    },
  ),
  mutant(
    {
      id: 'difference-error-not-told',
      mistake: 'What the looks at a step say of its error is kept to oneself.',
      seen: 'an early version of this library',
      killedBy: '75b',
    },
    (values, x) => ({ ...ourDifferences.jacobian(values, x), error: 0 }),
  ),
  {
    id: 'one-sided-of-first-order',
    mistake: 'Beside a bound the difference of two points stands for that of three.',
    killedBy: '75c',
    subject: {
      ...ourDifferences,
      name: 'mutant one-sided-of-first-order',
      claims: ['75c'],
      within: ({ value, gradient }, x, bounds) => ({
        gradient: oneSided((at) => Float64Array.of(value(at)), { x, ...bounds }),
        hessian: oneSided(gradient, { x, ...bounds }),
      }),
    },
  },
];
