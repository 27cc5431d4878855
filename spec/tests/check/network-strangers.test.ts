import { describe, expect, it } from 'vitest';
import { kfac } from '../../../src/index.js';
import { check } from '../../check.js';
import { leastSquaresSolution, plus } from '../../oracles/dense/matrices.js';
import { naiveKfacFixed } from '../../oracles/kfac-fixed.js';
import { seed } from '../../seed.js';
import { naiveHessianFree } from '../../strangers/hessian-free.js';
import { naiveBatchGaussNewton, naiveKfac } from '../../strangers/networks.js';
import type { More, PlainOptimizer } from '../../subjects/foreign/plain.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';

const verdicts = async (stranger: object, runs = 30) => {
  const subject = await subjectOfExport(stranger, 'mine');
  const { laws } = check(subject, { seed, runs });
  return Object.fromEntries(laws.map(({ id, verdict, explanation }) => [id, explanation ?? verdict]));
};

/** −η(F + λI)⁻¹g by a matrix. */
const natural = (damped: (f: Float64Array, n: number) => Float64Array): PlainOptimizer => ({
  name: 'natural',
  claims: 'naturalGradient',
  options: { learningRate: 0.5, damping: 0.25, fisher: 'exact', by: 'dense' },
  step(x: Float64Array, g: Float64Array, _: unknown, { model }: More) {
    const u = leastSquaresSolution(damped(model!.fisher, x.length), g, x.length);
    return x.map((xi, i) => xi - 0.5 * u[i]);
  },
});
const plusLambda = (f: Float64Array, n: number) => f.map((e, at) => (at % (n + 1) === 0 ? e + 0.25 : e));

describe('strangers that see a model or a network', () => {
  it('a natural gradient agrees, and one without its damping does not', async () => {
    const right = await verdicts(natural(plusLambda));
    expect(right).toMatchObject({ U1: 'holds', A: 'holds', A4: 'holds' });
    expect(right['42']).toMatch(/needs /);
    const wrong = await verdicts(natural((f, n) => plus(plusLambda(f, n), f)));
    expect(wrong.A4).toMatch(/law A4: update 1/);
  });

  it.each<[string, () => object, object]>([
    ['batchGaussNewton', naiveBatchGaussNewton, { follows: () => 1 }],
    ['hessianFree', naiveHessianFree, { warm: 0 }],
    ['kfac', naiveKfac, { lastLayer: () => undefined }],
  ])('%s agrees, and with one rule changed it does not', async (_, make, changed) => {
    expect(await verdicts(make(), 10)).toEqual({ A4: 'holds' });
    const wrong = await verdicts((make as (parts: object) => object)(changed), 10);
    expect(wrong.A4).toMatch(/law A4: update \d/);
  });

  it('K-FAC with fixed damping agrees', async () => {
    expect(await verdicts(naiveKfacFixed())).toEqual({ A4: 'holds' });
    const wrong = await verdicts(naiveKfacFixed({ errorsTimes: () => 1 }));
    expect(wrong.A4).toMatch(/law A4: update 1/);
  });

  it.each(['kfac', 'kfacFixed', 'batchGaussNewton', 'hessianFree'])('%s can be claimed', async (claims) => {
    const subject = await subjectOfExport(
      { name: 'sgd', step: (x: Float64Array, g: Float64Array) => x.map((xi, i) => xi - g[i]) },
      'mine',
      { claims },
    );
    const [law] = check(subject, { seed, runs: 20 }).laws;
    if (claims.startsWith('kfac')) expect(law.explanation).toBe('needs labels = given, and here it is signs');
    else expect(law).toMatchObject({ id: 'A4', verdict: 'broken' });
  });

  it.each(['kfac', 'batchGaussNewton', 'hessianFree'])(
    'and %s agrees with a plain step no more than it should',
    async (claims) => {
      const options = claims === 'kfac' ? { labels: 'given' } : {};
      const subject = await subjectOfExport({ name: 'still', step: (x: Float64Array) => x }, 'mine', {
        claims,
        options,
      });
      expect(check(subject, { seed, runs: 20 }).laws[0]).toMatchObject({ id: 'A4', verdict: 'broken' });
    },
  );

  it('ours, which asks a problem for its layers, is refused and not called wrong', async () => {
    await expect(subjectOfExport(kfac(), 'mine')).rejects.toThrow(
      /got kfac, which asks for the layers of one/,
    );
  });
});
