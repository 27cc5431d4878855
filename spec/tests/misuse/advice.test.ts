import { describe, expect, it } from 'vitest';
import { leastSquares, levenbergMarquardt, levenbergMarquardtNewton, minimize } from '../../../src/index.js';

/** The value falls along no direction that its differences, blind to its jumps, tell. */
const jumping = { value: (x: Float64Array) => x[0] ** 2 + 3 * ((x[0] * 7.3) % 1) + x[1] ** 2 };
const rough = (x: number, k: number) => 0.3 * Math.sin(k * x);

describe('gradientCheck is advised only where it can tell something', () => {
  it('where no step lowers a value whose gradient was given', () => {
    const uphill = { ...jumping, gradient: (x: Float64Array) => x.map((xi) => -2 * xi) };
    const { outcome } = minimize(uphill, [2.9, 1.5], levenbergMarquardtNewton());
    expect(outcome.kind).toBe('lineSearchFailed');
    expect(outcome.message).toContain('is the gradient right? gradientCheck tells');
    const jacobian = () => Float64Array.of(-1, 0, 0, -1, -1, -1);
    const wrong = { residuals: ([a, b]: Float64Array) => Float64Array.of(a - 1, b - 2, a + b), jacobian };
    const fit = leastSquares(wrong, [3, 1], levenbergMarquardt()).outcome;
    expect(fit.message).toContain('is the Jacobian right? gradientCheck tells');
  });

  it('not where the derivative is made of differences, which it could only compare with themselves', () => {
    const { outcome } = minimize(jumping, [2.9, 1.5], levenbergMarquardtNewton());
    expect(outcome.kind).toBe('lineSearchFailed');
    expect(outcome.message).not.toContain('gradientCheck');
    expect(outcome.message).toContain('the gradient is made of differences: give it in closed form');
    const residuals = ([a, b]: Float64Array) =>
      Float64Array.of(a + rough(a, 1e5), 1 + a * b + rough(b, 1.3e5));
    const fit = leastSquares({ residuals }, [1, 2], levenbergMarquardt()).outcome;
    expect(fit.kind).toBe('lineSearchFailed');
    expect(fit.message).not.toContain('gradientCheck');
    expect(fit.message).toContain('the Jacobian is made of differences: give it in closed form');
  });
});
