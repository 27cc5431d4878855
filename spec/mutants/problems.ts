import { leastSquaresOracle } from '../oracles/least-squares.js';
import type { Mutant } from './mutant.js';

export const problemMutants: readonly Mutant[] = [
  {
    id: 'batch-sum',
    mistake: 'The gradient is summed over the batch, the loss is its mean.',
    killedBy: '10',
    subject: {
      ...leastSquaresOracle,
      name: 'mutant batch-sum',
      claims: ['10'],
      evaluate(parameters, rows) {
        const { value, gradient } = leastSquaresOracle.evaluate(parameters, rows);
        return { value, gradient: gradient.map((g) => g * rows.length) };
      },
    },
  },
  {
    id: 'micro-batch-last',
    mistake: 'Only the last row enters the gradient: it is overwritten, not accumulated.',
    killedBy: '10',
    subject: {
      ...leastSquaresOracle,
      name: 'mutant micro-batch-last',
      claims: ['10'],
      evaluate: (parameters, rows) => ({
        value: leastSquaresOracle.evaluate(parameters, rows).value,
        gradient: leastSquaresOracle.evaluate(parameters, rows.slice(-1)).gradient,
      }),
    },
  },
  {
    id: 'gradient-cross-term',
    mistake: 'The gradient of x² + xy + y² forgets the cross term in y.',
    killedBy: '11',
    subject: {
      kind: 'function',
      name: 'mutant gradient-cross-term',
      epsilon: 2 ** -52,
      claims: ['11'],
      start: [1, 1],
      value: ([x, y]) => x * x + x * y + y * y,
      gradient: ([x, y]) => Float64Array.of(2 * x + y, 2 * y),
      scope: (body) => body(),
    },
  },
];
