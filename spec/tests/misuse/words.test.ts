import { describe, expect, it } from 'vitest';
import {
  adam,
  asSolver,
  bfgs,
  booth,
  fromFunction,
  gradientCheck,
  kfac,
  leastSquares,
  levenbergMarquardt,
  minimize,
  rosenbrock,
  strongWolfe,
  throughResiduals,
} from '../../../src/index.js';
import { asOptimizer } from '../../../src/tensors/index.js';
import { chain } from '../../../src/transforms/index.js';
import { lift, lifted } from '../../../streams/index.js';

type Wrong = never; // what stands in another's place
const start = [-1.2, 1];
const f = rosenbrock(2);
const residuals = { residuals: (x: Float64Array) => x.slice() };

/** What was written, and what its error says: what was expected, what came, and the way. */
const mistakes: readonly [string, () => unknown, string][] = [
  [
    'minimize(f, x)',
    () => minimize(f, start, undefined as Wrong),
    'minimize(solver): expected a solver such as bfgs(), got undefined',
  ],
  [
    'minimize(f, x, bfgs)',
    () => minimize(f, start, bfgs as Wrong),
    'minimize(solver): expected a solver such as bfgs(), got the function bfgs; call it: bfgs()',
  ],
  [
    'minimize(f, x, adam())',
    () => minimize(f, start, adam() as Wrong),
    'minimize(solver): expected a solver such as bfgs(), got the method adam; asSolver(adam()) makes it one',
  ],
  [
    'minimize(f, x, levenbergMarquardt())',
    () => minimize(f, start, levenbergMarquardt() as Wrong),
    'got the least-squares solver levenbergMarquardt; leastSquares runs it; throughResiduals(levenbergMarquardt(), problem) makes',
  ],
  [
    'minimize(f, x, strongWolfe())',
    () => minimize(f, start, strongWolfe() as Wrong),
    'minimize(solver): expected a solver such as bfgs(), got Object',
  ],
  [
    'minimize((x) => …, x, bfgs())',
    () => minimize(((x: Float64Array) => x[0]) as Wrong, start, bfgs()),
    'minimize(problem): expected an object with a function value(x), got a function; write { value: f }',
  ],
  [
    'minimize(rosenbrock, x, bfgs())',
    () => minimize(rosenbrock as Wrong, start, bfgs()),
    'write { value: rosenbrock }, or rosenbrock() where it makes a problem',
  ],
  [
    'minimize of a problem for train',
    () => minimize(fromFunction(f) as Wrong, start, bfgs()),
    'a problem for train; flattenedLoss makes a loss one for minimize',
  ],
  [
    'minimize of residuals',
    () => minimize(residuals as Wrong, start, bfgs()),
    'with residuals; leastSquares minimizes their squares',
  ],
  [
    'an empty start',
    () => minimize(f, [], bfgs()),
    'minimize(start): expected a number for each variable, got []',
  ],
  [
    'an empty start of a fit',
    () => leastSquares(residuals, [], levenbergMarquardt()),
    'leastSquares(start): expected a number for each variable, got []',
  ],
  [
    'leastSquares(r, x)',
    () => leastSquares(residuals, start, undefined as Wrong),
    'leastSquares(solver): expected a least-squares solver such as levenbergMarquardt(), got undefined',
  ],
  [
    'leastSquares(r, x, bfgs())',
    () => leastSquares(residuals, start, bfgs() as Wrong),
    'got the solver bfgs; minimize runs it',
  ],
  [
    'leastSquares(r, x, adam())',
    () => leastSquares(residuals, start, adam() as Wrong),
    'got the method adam; train runs it, and minimize asSolver(adam())',
  ],
  [
    'leastSquares((x) => …, x, …)',
    () => leastSquares(((x: Float64Array) => x) as Wrong, start, levenbergMarquardt()),
    'leastSquares(problem): expected an object with a function residuals(x), got a function; write { residuals: f }',
  ],
  [
    'leastSquares of a function',
    () => leastSquares({ value: f.value } as Wrong, start, levenbergMarquardt()),
    'with a value; minimize takes it',
  ],
  ['asSolver(adam)', () => asSolver(adam as Wrong), 'got the function adam; call it: adam()'],
  ['asSolver(bfgs())', () => asSolver(bfgs() as Wrong), 'got the solver bfgs; minimize runs it'],
  [
    'asSolver(kfac())',
    () => minimize(f, start, asSolver(kfac())),
    'kfac(problem): expected one that answers layers and linearized, got a function, which does not',
  ],
  [
    'throughResiduals(bfgs(), …)',
    () => throughResiduals(bfgs() as Wrong, booth()),
    'throughResiduals(solver): expected a least-squares solver such as levenbergMarquardt(), got the solver bfgs',
  ],
  [
    'throughResiduals of no residuals',
    () => throughResiduals(levenbergMarquardt(), { value: f.value } as Wrong),
    'throughResiduals(problem): expected an object with a function residuals(x), got Object with a value; minimize takes it',
  ],
  [
    'lifted(adam)',
    () => lifted(adam as Wrong),
    'lifted(method): expected a method such as adam(), got the function adam',
  ],
  ['lifted(bfgs())', () => lifted(bfgs() as Wrong), 'got the solver bfgs; minimize runs it'],
  [
    'lift(undefined)',
    () => lift(undefined as Wrong),
    'lift(transform): expected a method such as adam(), got undefined',
  ],
  [
    'chain(adam)',
    () => chain(adam as Wrong),
    'chain(transforms): expected a method such as adam(), got the function adam',
  ],
  [
    'asOptimizer(bfgs())',
    () => asOptimizer(bfgs() as Wrong),
    'asOptimizer(method): expected a method such as adam(), got the solver',
  ],
  [
    'gradientCheck((x) => …)',
    () => gradientCheck(((x: Float64Array) => x[0]) as Wrong, start),
    'gradientCheck(problem): expected an object with a function value(x), got a function; write { value: f }',
  ],
  ['gradientCheck at too few', () => gradientCheck(f, [1]), 'gradientCheck(x): expected 2 numbers, got [1]'],
  [
    'gradientCheck without a gradient',
    () => gradientCheck({ value: f.value }, start),
    'gradientCheck(problem): expected a gradient in closed form, got differences for',
  ],
  [
    'gradientCheck without a Jacobian',
    () => gradientCheck(residuals, start),
    'gradientCheck(problem): expected a Jacobian in closed form, got differences for the residuals',
  ],
  [
    'onStep: 3',
    () => minimize(f, start, bfgs(), { onStep: 3 as Wrong }),
    'minimize(onStep): expected a function, got 3',
  ],
  [
    'signal: true',
    () => minimize(f, start, bfgs(), { signal: true as Wrong }),
    'minimize(signal): expected an AbortSignal, got true',
  ],
];

describe('one in the place of another', () => {
  it.each(mistakes)('%s says what was expected, what came, and the way', (_, write, message) => {
    expect(write).toThrow(message);
    expect(write).toThrow(/^[a-zA-Z.]+\([a-zA-Z.]+\): expected /);
  });

  it('is no mistake where it is the right one', () => {
    const solver = asSolver(adam());
    expect(minimize(f, start, solver, { maxIterations: 1 }).iterations).toBe(1);
    expect(chain(adam(), chain()).parts.length).toBeGreaterThan(0);
  });
});

describe('gradientCheck', () => {
  it('takes plain functions, without name or start', () => {
    const right = { value: f.value, gradient: f.gradient, hessian: f.hessian };
    expect(gradientCheck(right, start)).toMatchObject({ agrees: true, checked: 6 });
    const wrong = { value: f.value, gradient: (x: Float64Array) => f.gradient!(x).map((g) => -g) };
    expect(gradientCheck(wrong, start).disagreements).toHaveLength(2);
  });

  it('takes residuals, and names the row and column of a wrong Jacobian', () => {
    const valley = {
      residuals: ([a, b]: Float64Array) => Float64Array.of(10 * (b - a * a), 1 - a),
      jacobian: ([a]: Float64Array) => Float64Array.of(-20 * a, 10, -1, 0),
    };
    expect(gradientCheck(valley, start)).toMatchObject({ agrees: true, checked: 4 });
    const wrong = { ...valley, jacobian: ([a]: Float64Array) => Float64Array.of(-20 * a, 10, 1, 0) };
    const { agrees, disagreements, message } = gradientCheck(wrong, start);
    expect(agrees).toBe(false);
    expect(disagreements).toMatchObject([
      { of: 'jacobian', path: '', index: 1, column: { path: '', index: 0 }, given: 1 },
    ]);
    expect(message).toMatch(
      /^1 of 4 entries disagree with differences; the first, the jacobian at \[1\], \[0\], is 1 /,
    );
  });
});
