import { describe, expect, it } from 'vitest';
import {
  adam,
  adan,
  adopt,
  lamb,
  lion,
  momentum,
  muon,
  scheduleFreeSgd,
  soap,
  type Transform,
} from '../../../src/index.js';
import { likenesses } from '../../likeness.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';
import type { OptimizerSubject } from '../../subjects/subject.js';

const strange = async (exported: unknown) => {
  const subject = (await subjectOfExport(exported, 'mine')) as OptimizerSubject;
  return likenesses({ ...subject, method: 'stranger', fixed: {}, create: () => subject.create({}) }, 1);
};

describe('a stranger is known by its steps', () => {
  it.each<[Transform, object]>([
    [momentum({ learningRate: 0.03, beta: 0.8 }), { learningRate: 0.03, beta: 0.8 }],
    [adam({ learningRate: 0.002, beta2: 0.95 }), { learningRate: 0.002, beta2: 0.95 }],
    [lion({ weightDecay: 0.1 }), { weightDecay: 0.1 }],
    [adan(), {}],
    [adopt({ learningRate: 0.02 }), { learningRate: 0.02 }],
    [lamb(), {}],
    [scheduleFreeSgd(), {}],
    [muon(), {}],
    [soap(), {}],
  ])('%o', async (method, options) => {
    expect(await strange(method)).toEqual([
      expect.objectContaining({ method: method.name, options, agrees: 'exactly', steps: 6, of: 6 }),
    ]);
  });

  it('with the opposite sign', async () => {
    const [first] = await strange((x: Float64Array, g: Float64Array) => x.map((xi, i) => xi + 0.1 * g[i]));
    expect(first).toMatchObject({ method: 'gradientDescent', agrees: 'exactly', turned: true });
  });

  it('nearly: with another ε', async () => {
    const [first] = await strange(adam({ epsilon: 1e-5 }));
    expect(first).toMatchObject({ method: 'adam', agrees: 'nearly' });
    expect(first.deviation).toBeLessThan(1e-3);
  });

  it('for the first steps alone: momentum that restarts', async () => {
    const [first] = await strange({
      name: 'restarting',
      init: (x: Float64Array) => ({ v: new Float64Array(x.length), t: 0 }),
      step(x: Float64Array, g: Float64Array, { v, t }: { v: Float64Array; t: number }) {
        const next = v.map((vi, i) => (t % 3 === 2 ? 0 : 0.9 * vi) + g[i]);
        return { x: x.map((xi, i) => xi - 0.01 * next[i]), state: { v: next, t: t + 1 } };
      },
    });
    expect(first).toMatchObject({ method: 'momentum', agrees: 'at first', steps: 2 });
  });

  it('not at all', async () => {
    expect(
      await strange((x: Float64Array, g: Float64Array) => x.map((xi, i) => xi - Math.atan(g[i]))),
    ).toEqual([]);
  });
});
