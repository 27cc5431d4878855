import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { adam, bfgs, momentum as heavyBall } from '../../../src/index.js';
import { clipByNorm } from '../../../src/transforms/index.js';
import { check } from '../../check.js';
import { universal } from '../../subjects/claims.js';
import { type PlainOptimizer, plainSubject } from '../../subjects/foreign/plain.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';
import type { OptimizerSubject } from '../../subjects/subject.js';

const momentum: PlainOptimizer<Float64Array> = {
  name: 'my momentum',
  init: (x) => new Float64Array(x.length),
  step(x, gradient, velocity) {
    const next = velocity.map((v, i) => 0.9 * v + gradient[i]);
    return { x: x.map((xi, i) => xi - 0.01 * next[i]), state: next };
  },
};

const verdicts = async (exported: unknown, laws: readonly string[] = universal) => {
  const subject = await subjectOfExport(exported, 'mine');
  const wanted = laws.filter((law) => subject.claims.includes(law) || !universal.includes(law));
  return check(subject, { runs: 50, laws: wanted }).laws;
};
const broken = async (exported: unknown) =>
  (await verdicts(exported)).filter(({ verdict }) => verdict === 'broken').map(({ id }) => id);

describe('what a module may export', () => {
  it.each<[string, unknown]>([
    ['a plain optimizer', momentum],
    ['a function', (x: Float64Array, g: Float64Array) => x.map((xi, i) => xi - 0.1 * g[i])],
    ['a function of lists', (x: Float64Array, g: Float64Array) => [...x].map((xi, i) => xi - 0.1 * g[i])],
    [
      'a class with private fields',
      new (class {
        #rate = 0.1;
        name = 'private';
        step(x: Float64Array, g: Float64Array) {
          return x.map((xi, i) => xi - this.#rate * g[i]);
        }
      })(),
    ],
    ['a method of ours', adam({ learningRate: 0.1 })],
    ['a maker of ours', heavyBall],
    ['a transform', clipByNorm(2)],
    ['an optimizer of TensorFlow.js', tf.train.momentum(0.1, 0.9)],
    ['a maker of one', () => tf.train.adam(0.1)],
  ])('%s obeys the universal laws', async (_, exported) => {
    expect(await broken(exported)).toEqual([]);
  });

  it('a solver of ours is one to the laws', async () => {
    expect(await subjectOfExport(bfgs(), 'mine')).toMatchObject({ kind: 'solver', name: 'bfgs (solver)' });
  });

  it('leaves no tensor behind', async () => {
    await broken(() => tf.train.adam(0.1));
    const { numTensors } = tf.memory();
    await broken(() => tf.train.adam(0.1));
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'nothing',
      undefined,
      /expected a default export an optimizer, got undefined; for example\n\nexport default/,
    ],
    ['a number', 3, /got number/],
    ['an empty object', {}, /an object with nothing in it/],
    ['another object', { value: 1, start: [1] }, /an object with value, start/],
    ['a maker of nothing', () => undefined, /a default export that makes an optimizer, got undefined/],
    ['one instance that cannot be copied', { applyGradients() {} }, /a function that makes the optimizer/],
    ['an unknown method', { ...momentum, claims: 'adma' }, /did you mean 'adam'/],
    ['an unknown option', { ...momentum, claims: 'adam', options: { lr: 1 } }, /adam\(lr\)/],
    ['an option out of range', { ...momentum, claims: 'adam', options: { beta1: 2 } }, /adam\(beta1\)/],
  ])('refuses %s', async (_, exported, message) => {
    await expect(subjectOfExport(exported, 'mine')).rejects.toThrow(message);
  });
});

describe('a plain optimizer', () => {
  const shared = new Float64Array(16);
  let calls = 0;
  it.each<[string, Partial<PlainOptimizer<Float64Array>>, string, RegExp]>([
    [
      'writes into the gradient',
      { step: (x, g, s) => ({ x: x.map((xi, i) => xi - (g[i] *= 0.1)), state: s }) },
      'U3',
      /gradient after the step/,
    ],
    ['writes into x', { step: (x, _, s) => ({ x: x.fill(0), state: s }) }, 'U3', /parameters after the step/],
    [
      'shares its state',
      {
        init: () => shared,
        step: (x, g, v) => ({ x: x.map((xi, i) => xi - (v[i] = v[i] / 2 + g[i])), state: v }),
      },
      'U2',
      /amid other runs/,
    ],
    [
      'counts outside its state',
      { step: (x, g, s) => ({ x: x.map((xi, i) => xi - g[i] / ++calls), state: s }) },
      'U1',
      /update/,
    ],
    [
      'answers nothing',
      { step: () => undefined as never },
      'U4',
      /expected \{ x, state \} with 1 numbers in x, got undefined/,
    ],
    ['answers too much', { step: (x, _, s) => ({ x: [...x, 1], state: s }) }, 'U4', /got 2 numbers/],
    ['answers later', { step: (async () => [0]) as never }, 'U4', /got a promise/],
    [
      'answers NaN',
      { step: (x, g, s) => ({ x: x.map((_, i) => g[i] / Math.abs(g[i])), state: s }) },
      'U4',
      /finite numbers became NaN in x\[0\]/,
    ],
    [
      'throws',
      {
        step: () => {
          throw new RangeError('out of luck');
        },
      },
      'U4',
      /step threw RangeError: out of luck/,
    ],
    [
      'has a state that cannot be copied',
      { init: (() => () => 1) as never, step: (x, _, s) => ({ x, state: s }) },
      'U1',
      /the state cannot be copied/,
    ],
  ])('that %s is found out in so many words', async (_, parts, law, words) => {
    const [report] = await verdicts({ ...momentum, ...parts }, [law]);
    expect(report).toMatchObject({ id: law, verdict: 'broken' });
    expect(report.explanation).toMatch(words);
  });

  it('has the laws of what it claims to be, its options standing fixed', () => {
    const subject: OptimizerSubject = plainSubject(
      { ...momentum, claims: 'momentum', options: { learningRate: 0.01 } },
      { learningRate: 1, beta: 0.9 },
    );
    expect(subject.fixed).toEqual({ learningRate: 0.01, beta: 0.9 });
    expect(() => subject.create({ beta: 0 })).toThrow('needs beta = 0, and here it is 0.9');
    expect(check(subject, { laws: ['8'] }).laws[0]).toMatchObject({ verdict: 'does not apply' });
  });

  it('that can be made with any options is made with those that laws choose', () => {
    const subject = plainSubject({
      name: 'any momentum',
      claims: 'momentum',
      create: ({ learningRate = 0.01, beta = 0.9 }: { learningRate?: number; beta?: number }) => ({
        init: (x) => new Float64Array(x.length),
        step(x, g, v) {
          const next = (v as Float64Array).map((vi, i) => beta * vi + g[i]);
          return { x: x.map((xi, i) => xi - learningRate * next[i]), state: next };
        },
      }),
    });
    expect(
      check(subject, { laws: ['U1', 'U5', '4', '7', '8', '9b'] }).laws.map(({ verdict }) => verdict),
    ).toEqual(Array(6).fill('holds'));
  });
});
