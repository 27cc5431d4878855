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
  hessianMutant(
    'hessian-of-the-start',
    'The products are those of the first point that was asked about.',
    () => {
      let first: Float64Array | undefined;
      return (x) => {
        first ??= x;
        return productWith(cubicHessian(first));
      };
    },
    'a tape that is kept and not recorded anew',
  ),
  hessianMutant('hessian-one-triangle', 'Only one triangle of the Hessian is filled in.', () => (x) => {
    const [a, b, , d] = cubicHessian(x);
    return productWith([a, b, 0, d]);
  }),
  hessianMutant(
    'hessian-by-coarse-differences',
    'The products are differences of the gradient over a whole v, not in the limit.',
    () => (x) => (v) => {
      const [there, here] = [cubicGradient(x.map((xi, i) => xi + v[i])), cubicGradient(x)];
      return there.map((g, i) => g - here[i]);
    },
  ),
];

/** x³ + xy² + y², where the Hessian depends on the point. */
function cubicGradient([x, y]: Float64Array): Float64Array {
  return Float64Array.of(3 * x * x + y * y, 2 * x * y + 2 * y);
}

function cubicHessian([x, y]: Float64Array): number[] {
  return [6 * x, 2 * y, 2 * y, 2 * x + 2];
}

function productWith([a, b, c, d]: readonly number[]) {
  return (v: Float64Array) => Float64Array.of(a * v[0] + b * v[1], c * v[0] + d * v[1]);
}

function hessianMutant(
  id: string,
  mistake: string,
  make: () => (x: Float64Array) => (v: Float64Array) => Float64Array,
  seen?: string,
): Mutant {
  const subject = {
    kind: 'function' as const,
    name: `mutant ${id}`,
    epsilon: 2 ** -52,
    claims: ['12'],
    start: [1, 1],
    value: ([x, y]: Float64Array) => x ** 3 + x * y * y + y * y,
    gradient: cubicGradient,
    products: make(),
    scope: <R>(body: () => R) => body(),
  };
  return { id, mistake, ...(seen && { seen }), killedBy: '12', subject };
}
