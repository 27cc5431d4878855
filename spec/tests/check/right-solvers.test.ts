import { describe, expect, it } from 'vitest';
import {
  backtracking,
  bfgs,
  dogleg,
  exact,
  fixedStep,
  hagerZhang,
  type LeastSquaresSolver,
  lbfgs,
  leastSquares,
  type Minimization,
  methodsIn,
  minimize,
  nonlinearConjugateGradient,
  type Solver,
  steihaug,
  strongWolfe,
  trustRegion,
} from '../../../src/index.js';
import { check } from '../../check.js';
import * as oracles from '../../oracles/index.js';
import { seed } from '../../seed.js';
import type { PlainSolver } from '../../subjects/foreign/plain-solver.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';
import type { SolverChoices, SolverSubject } from '../../subjects/second-order/subject.js';

/** Seeds to try; many where FLUXION_SEEDS says so. */
const seeds = Array.from({ length: Number(process.env.FLUXION_SEEDS ?? 1) }, (_, i) => seed + i);

async function broken(stranger: PlainSolver): Promise<unknown[]> {
  const subject = await subjectOfExport(stranger, 'mine');
  return seeds.flatMap((one) =>
    check(subject, { seed: one, runs: 30 })
      .laws.filter(({ verdict }) => verdict !== 'holds' && verdict !== 'does not apply')
      .map(({ id, explanation, counterexample }) => [one, id, explanation, counterexample]),
  );
}

/** One of our solvers as a stranger's module. */
const ofOurs = (claims: string, create: () => Solver, options: object = {}): PlainSolver => ({
  name: claims,
  claims,
  options: options as Record<string, unknown>,
  minimize: (problem, start, { iterations, onStep }) =>
    minimize(problem, start, create(), {
      gradientTolerance: 0,
      maxIterations: iterations,
      onStep({ x, iteration }) {
        if (iteration > 0) onStep(x);
      },
    }),
});

const fitOfOurs = (
  claims: string,
  create: (options: object) => LeastSquaresSolver,
  options: object = {},
): PlainSolver => ({
  name: claims,
  claims,
  options: options as Record<string, unknown>,
  leastSquares: (problem, start, { iterations, onStep }) =>
    leastSquares(problem, start, create(options), {
      gradientTolerance: 0,
      maxIterations: iterations,
      onStep({ x, iteration }) {
        if (iteration > 0) onStep(x);
      },
    }),
});

describe('no law is broken by a right solver of a stranger', () => {
  it.each([...methodsIn('minimize').values()].map(({ name, create }) => [name, create] as const))(
    '%s as it comes',
    async (name, create) => {
      expect(await broken(ofOurs(name, () => create()))).toEqual([]);
    },
  );

  const searches = [backtracking(), strongWolfe(), hagerZhang(), fixedStep(0.25)];
  it.each(
    searches.flatMap((search) =>
      [
        'bfgs',
        'lbfgs',
        'dfp',
        'nonlinearConjugateGradient',
        'newtonConjugateGradient',
        'broyden',
        'absoluteNewton',
      ].map((name) => [name, search.name, search] as const),
    ),
  )('%s with another search, %s', async (name, _, search) => {
    const { create } = methodsIn('minimize').get(name)!;
    expect(await broken(ofOurs(name, () => create({ search })))).toEqual([]);
  });

  it.each<[string, PlainSolver]>([
    ['bfgs that begins with I', ofOurs('bfgs', () => bfgs({ scaled: false }), { scaled: false })],
    ['lbfgs of one pair', ofOurs('lbfgs', () => lbfgs({ memory: 1 }), { memory: 1 })],
    [
      'Hager and Zhang',
      ofOurs('nonlinearConjugateGradient', () => nonlinearConjugateGradient({ formula: 'hagerZhang' }), {
        formula: 'hagerZhang',
      }),
    ],
    ['a region of another radius', ofOurs('trustRegion', () => trustRegion({ initialRadius: 0.1 }))],
    ...[exact(), exact(1e-6), dogleg(), steihaug()].map((subproblem): [string, PlainSolver] => [
      `a region, ${subproblem.name}`,
      ofOurs('trustRegion', () => trustRegion({ subproblem }), { subproblem }),
    ]),
  ])('%s', async (_, stranger) => {
    expect(await broken(stranger)).toEqual([]);
  });

  const naive = Object.values(oracles).filter(
    (oracle): oracle is SolverSubject => typeof oracle === 'object' && oracle.kind === 'solver',
  );
  it.each(
    naive
      .filter(({ method }) => methodsIn('minimize').has(method))
      .map((oracle) => [oracle.name, oracle] as const),
  )('%s', async (_, { method, trace }) => {
    const step = method === 'secant' ? 1 : 0.25;
    const choices: SolverChoices = { step, damping: 0.5, radius: 0.5, scaling: 'diagonal' };
    const damped = {
      dampedNewton: { damping: 0.5 },
      levenbergMarquardtNewton: { scaling: 'diagonal' },
      bfgs: { scaled: false },
      dfp: { scaled: false },
    };
    const stranger: PlainSolver = {
      name: method,
      claims: method,
      options: damped[method as keyof typeof damped],
      minimize: (problem: Minimization, start, { iterations, onStep }) =>
        trace(problem, start, iterations, choices).points.slice(1).forEach(onStep),
    };
    expect(await broken(stranger)).toEqual([]);
  });

  const { create: fit } = methodsIn('leastSquares').get('levenbergMarquardt')!;
  it.each<[string, PlainSolver]>([
    ...(['start', 'identity', 'diagonal', 'largest'] as const).map((scaling): [string, PlainSolver] => [
      `Levenberg–Marquardt, ${scaling}`,
      fitOfOurs('levenbergMarquardt', fit as never, { scaling, acceleration: false }),
    ]),
    ['Gauss–Newton', fitOfOurs('gaussNewton', methodsIn('leastSquares').get('gaussNewton')!.create as never)],
    [
      'damped Gauss–Newton',
      fitOfOurs('gaussNewton', methodsIn('leastSquares').get('gaussNewton')!.create as never, {
        damping: 0.5,
      }),
    ],
  ])('%s', async (_, stranger) => {
    expect(await broken(stranger)).toEqual([]);
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
