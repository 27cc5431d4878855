import { describe, expect, it } from 'vitest';
import { check } from '../../check.js';
import { seed } from '../../seed.js';
import { strangerSolvers } from '../../strangers/solvers.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';

const strangers = await strangerSolvers();

describe('no law is broken by a right solver of a stranger', () => {
  it.each(strangers.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    const { laws } = check(subject, { seed, runs: 30 });
    const found = laws.filter(({ verdict }) => verdict !== 'holds' && verdict !== 'does not apply');
    expect(found.map(({ id, explanation, counterexample }) => [id, explanation, counterexample])).toEqual([]);
  });
});

describe('a wrong solver of a stranger is found', () => {
  const found = async (stranger: object, said: object = {}) => {
    const subject = await subjectOfExport(stranger, 'mine', said);
    return check(subject, { seed, runs: 50 })
      .laws.filter(({ verdict }) => verdict === 'broken')
      .map(({ id }) => id);
  };
  const inner = (x: Float64Array, y: Float64Array) => x.reduce((sum, xi, i) => sum + xi * y[i], 0);

  /** Fletcher and Reeves's conjugate gradients by steps, with a search that halves. */
  const stepped = (beta: (now: Float64Array, before: Float64Array) => number) => ({
    init: () => ({}) as { p?: Float64Array; g?: Float64Array },
    step(
      x: Float64Array,
      g: Float64Array,
      state: { p?: Float64Array; g?: Float64Array },
      more: { value: number; evaluate(x: Float64Array): { value: number } },
    ) {
      const b = state.p === undefined ? 0 : beta(g, state.g!);
      let p = g.map((gi, i) => -gi + b * (state.p?.[i] ?? 0));
      if (!(inner(p, g) < 0)) p = g.map((gi) => -gi);
      let rate = 1;
      const at = () => x.map((xi, i) => xi + rate * p[i]);
      while (more.evaluate(at()).value > more.value && rate > 1e-9) rate /= 2;
      return { x: at(), state: { p, g: g.slice() } };
    },
  });
  const polak = (now: Float64Array, before: Float64Array) =>
    Math.max(
      0,
      inner(
        now,
        now.map((g, i) => g - before[i]),
      ) / inner(before, before),
    );

  it('conjugate gradients by init and step, right and with the new norm below β', async () => {
    const said = { claims: 'nonlinearConjugateGradient' };
    expect(await found(stepped(polak), said)).toEqual([]);
    const wrong = stepped((now, before) => (polak(now, before) * inner(before, before)) / inner(now, now));
    expect(await found(wrong, said)).toEqual(['A2']);
  });

  it('one without a claim obeys what every solver does', async () => {
    const subject = await subjectOfExport({ minimize() {} }, 'idle');
    expect(subject).toMatchObject({ kind: 'solver', name: 'idle', claims: ['U6', 'U7'] });
    const writes = {
      minimize: ({ gradient }: { gradient(x: Float64Array): Float64Array }, x: Float64Array) =>
        void gradient(x).fill(0),
    };
    expect(await found(writes)).toEqual(['U7']);
  });

  it.each<[string, object, object, RegExp]>([
    [
      'a solver that claims what train runs',
      { minimize() {} },
      { claims: 'adam' },
      /run by minimize or leastSquares, got 'adam'; for example/,
    ],
    [
      'an optimizer without step',
      { init() {}, update: 1 },
      { claims: 'bfgs' },
      /expected minimize or step beside the claim 'bfgs', got init, update/,
    ],
    [
      'an option that is not the method’s',
      { minimize() {} },
      { claims: 'bfgs', options: { memory: 3 } },
      /bfgs\(memory\)/,
    ],
  ])('%s is refused', async (_, stranger, said, message) => {
    await expect(subjectOfExport(stranger, 'mine', said)).rejects.toThrow(message);
  });

  it.each<[string, (x: Float64Array, onStep: (x: never) => void) => unknown, RegExp]>([
    [
      'throws',
      () => {
        throw new Error('out of luck');
      },
      /minimize threw Error: out of luck/,
    ],
    ['tells words', (_, onStep) => onStep('here' as never), /expected iterate 1 to be 1 numbers, got string/],
    ['tells too many', (_, onStep) => onStep([1, 2] as never), /to be 1 numbers, got 2 of them/],
    ['is asynchronous', async () => {}, /got a promise/],
  ])('one that %s is told of', async (_, run, message) => {
    const stranger = {
      minimize: (__: object, x: Float64Array, rules: { onStep(x: never): void }) => run(x, rules.onStep),
    };
    const [law] = check(await subjectOfExport(stranger, 'mine'), { seed, laws: ['U6'] }).laws;
    expect(law.explanation).toMatch(message);
  });
});
