import { describe, expect, it } from 'vitest';
import { type Call, partThroughPipe } from '../../../dashboard/cli/check/piped-part.js';
import { check } from '../../check.js';
import { leastSquaresSolution } from '../../oracles/dense/matrices.js';
import { seed } from '../../seed.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';

type Asked = Readonly<Record<string, number & readonly number[]>>;

/** Verdicts on a part whose process answers so; numbers go there and back as JSON. */
async function verdicts(hello: object, answer: (asked: Asked) => object): Promise<unknown[]> {
  const call: Call = (request) => {
    const sent = JSON.stringify(request, (_, value) => {
      if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
      return ArrayBuffer.isView(value) ? [...(value as never)] : value;
    });
    return JSON.parse(JSON.stringify(answer(JSON.parse(sent))));
  };
  const part = partThroughPipe(call, hello as Record<string, unknown>)!;
  const { laws } = check(await subjectOfExport(part, 'mine'), { seed, runs: 20 });
  return laws.map(({ id, verdict }) => [id, verdict]);
}

describe('parts through a pipe', () => {
  it.each<[string, object, (asked: Asked) => object, (asked: Asked) => object, string]>([
    [
      'a schedule',
      { kind: 'schedule', name: 'decay', claims: 'exponential', options: { from: 0.1, factor: 0.5 } },
      ({ count }) => ({ rate: 0.1 * 0.5 ** count }),
      ({ count }) => ({ rate: 0.1 * 0.5 ** (count + 1) }),
      '58c',
    ],
    [
      'a linear solver',
      { kind: 'linearSolver', name: 'elimination' },
      ({ matrix, b, n }) => ({ x: [...leastSquaresSolution(Float64Array.from(matrix), b, n)] }),
      ({ b }) => ({ x: b }),
      'C4',
    ],
    [
      'a minimizer in a region',
      { kind: 'subproblem', name: 'short steepest' },
      ({ gradient, hessian, radius }) => ({ step: cauchy(gradient, hessian, radius) }),
      ({ gradient, hessian, radius }) => ({ step: cauchy(gradient, hessian, 2 * radius) }),
      '21',
    ],
    [
      'an operator',
      { kind: 'operator', name: 'bends', n: 2, symmetric: true, can: ['diagonal'] },
      ({ call, v }) => ({
        x: (call as unknown) === 'diagonal' ? [2, 3] : [2 * v[0] + v[1], v[0] + 3 * v[1]],
      }),
      ({ call, v }) => ({
        x: (call as unknown) === 'diagonal' ? [3, 4] : [2 * v[0] + v[1], v[0] + 3 * v[1]],
      }),
      'C3',
    ],
  ])('%s', async (_, hello, right, wrong, id) => {
    const held = await verdicts(hello, right);
    expect(held).toContainEqual([id, 'holds']);
    expect(held.filter((one) => (one as string[])[1] === 'broken')).toEqual([]);
    expect(await verdicts(hello, wrong)).toContainEqual([id, 'broken']);
  });

  it('a line search looks along the line as often as it likes', async () => {
    let [at, slope] = [1, 0];
    let start = 0;
    const halving = (asked: Asked) => {
      if ((asked.call as unknown) === 'search') {
        [at, start, slope] = [Math.min(asked.first, Number(asked.longest)), Number(asked.value), asked.slope];
        return { look: at };
      }
      const enough = Number(asked.value) <= start + 1e-4 * at * slope || at < 1e-300;
      if (!enough) at /= 2;
      return enough ? { alpha: at } : { look: at };
    };
    const hello = { kind: 'lineSearch', name: 'halving', promise: { decrease: 1e-4 } };
    expect(await verdicts(hello, halving)).toContainEqual(['36b', 'holds']);
    expect(await verdicts(hello, ({ first }) => ({ alpha: first }))).toContainEqual(['36b', 'broken']);
  });

  it('an optimizer is no part, and an unknown kind is refused', () => {
    const call: Call = () => ({});
    expect(partThroughPipe(call, { name: 'mine' })).toBeUndefined();
    expect(() => partThroughPipe(call, { name: 'mine', kind: 'damping' })).toThrow(
      'kind: expected one of optimizer, schedule, linearSolver, subproblem, operator, lineSearch, got "damping"',
    );
  });
});

/** The minimizer of the model along −g, no longer than this. */
function cauchy(gradient: readonly number[], hessian: readonly number[], radius: number): number[] {
  const n = gradient.length;
  const square = gradient.reduce((sum, g) => sum + g * g, 0);
  const curvature = hessian.reduce(
    (sum, h, at) => sum + gradient[Math.floor(at / n)] * h * gradient[at % n],
    0,
  );
  const longest = radius / Math.sqrt(square);
  const rate = curvature > 0 ? Math.min(longest, square / curvature) : longest;
  return gradient.map((g) => -rate * g);
}
