import { pipe } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { adam, backtracking, dogleg, exact, hagerZhang, steihaug, strongWolfe } from '../../../src/index.js';
import { cosine, exponential, linearWarmup } from '../../../src/transforms/index.js';
import { clipByNorm, gradient, learningRate, lifted, momentum } from '../../../streams/index.js';
import { check } from '../../check.js';
import { seed } from '../../seed.js';
import { partKinds } from '../../subjects/foreign/parts.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';

const verdicts = async (exported: unknown, said: object = {}, runs = 40) => {
  const subject = await subjectOfExport(exported, 'mine', said);
  return Object.fromEntries(
    check(subject, { seed, runs }).laws.map(({ id, verdict, explanation }) => [id, explanation ?? verdict]),
  );
};
/** The module of an example. */
const load = async (text: string) =>
  (await import(`data:text/javascript,${encodeURIComponent(text)}`)).default as Record<string, unknown>;

describe('each kind of part', () => {
  it.each(Object.entries(partKinds))('%s: its example holds', async (kind, { example }) => {
    const exported = await load(example);
    const subject = await subjectOfExport(exported, 'mine');
    expect(subject).toMatchObject({ kind, name: expect.stringMatching(/^my /) });
    const found = await verdicts(exported);
    const unsettled = Object.values(found).filter(
      (verdict) => verdict !== 'holds' && !verdict.startsWith('needs '),
    );
    expect(unsettled).toEqual([]);
    expect(Object.values(found)).toContain('holds');
  });

  it.each(Object.entries(partKinds))(
    '%s: without what it needs it is refused with the example',
    async (kind, { needs }) => {
      await expect(subjectOfExport({ kind }, 'mine')).rejects.toThrow(
        `kind '${kind}': expected ${needs}, got kind; for example`,
      );
    },
  );

  it.each<[string, string, (right: Record<string, unknown>) => Record<string, unknown>, RegExp]>([
    ['lineSearch', '36b', (right) => ({ ...right, search: () => 1 }), /φ\(α\)|longest/],
    ['lineSearch', '36b', (right) => ({ ...right, search: () => 'far' }), /expected a step or/],
    [
      'subproblem',
      '21',
      (right) => ({ ...right, solve: (g: Float64Array) => g.map((gi) => -gi) }),
      /‖p‖|m\(p\)/,
    ],
    [
      'subproblem',
      '21',
      (right) => ({ ...right, solve: () => [1, 2, 3, 4, 5, 6, 7] }),
      /solve: expected \d numbers, got 7/,
    ],
    [
      'estimate',
      '27',
      (right) => ({ ...right, start: () => ({ apply: (v: Float64Array) => v, learn() {} }) }),
      /law 27/,
    ],
    [
      'operator',
      'C2',
      (right) => ({ ...right, apply: ([u, v]: number[]) => [2 * u + 2 * v, u + 3 * v] }),
      /uᵀCv/,
    ],
    ['operator', 'C3', (right) => ({ ...right, diagonal: () => [3, 3] }), /diagonal\(\)/],
    ['linearSolver', 'C4', (right) => ({ ...right, solve: (_: unknown, b: Float64Array) => b }), /‖Cx − b‖/],
    [
      'linearSolver',
      'C4',
      (right) => ({
        ...right,
        solve: () => {
          throw new Error('singular');
        },
      }),
      /solve threw Error: singular/,
    ],
    ['schedule', '58c', (right) => ({ ...right, at: (k: number) => 0.1 * 0.5 ** (k + 1) }), /r\(\d+\)/],
    ['schedule', '58b', (right) => ({ ...right, at: () => -1 }), /r\(\d+\)/],
    [
      'damping',
      '26',
      (right) => ({ ...right, start: (value: number) => ({ value, accepted() {}, rejected() {} }) }),
      /law 26/,
    ],
  ])('%s: law %s finds what is wrong', async (kind, id, wrong, message) => {
    const right = await load(partKinds[kind].example);
    expect((await verdicts(wrong(right)))[id]).toMatch(message);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['a search', strongWolfe({ c2: 0.5 }), ['36b', '36c', '36d', '36g', '36h']],
    ['another', hagerZhang(), ['36b', '36d', '36f', '36g', '36i']],
    ['a third', backtracking({ c1: 0.25 }), ['36b', '36d', '36e', '36g']],
    ['a region, dogleg', dogleg(), ['21', '21d']],
    ['a region, Steihaug', steihaug(), ['21', '21c']],
    ['an exact region', exact(), ['21', '21b']],
    ['a schedule', cosine({ from: 1, steps: 100 }), ['58b']],
  ])('ours say themselves what they are: %s', async (_, exported, ids) => {
    expect(await verdicts(exported)).toEqual(Object.fromEntries(ids.map((id) => [id, 'holds'])));
  });

  it('a function of one number is a schedule', async () => {
    expect(await verdicts((count: number) => 1 / (1 + count))).toEqual({ '58b': 'holds' });
    const warm = linearWarmup({ steps: 5, schedule: exponential({ from: 1, factor: 0.9 }) });
    expect(await verdicts((count: number) => warm.at(count))).toEqual({ '58b': 'holds' });
  });

  it.each<[string, object, object, RegExp]>([
    [
      'an unknown kind',
      { kind: 'optimiser' },
      {},
      /kind: expected one of optimizer, solver, lineSearch, .*pipeline, got 'optimiser'/,
    ],
    [
      'a schedule of no name',
      { at: () => 1 },
      { claims: 'expo' },
      /expected a schedule, constant, exponential/,
    ],
    ['a schedule without its options', { at: () => 1 }, { claims: 'exponential' }, /exponential\(from\)/],
    [
      'a search of no name',
      { kind: 'lineSearch', search: () => 1 },
      { claims: 'adam' },
      /the name of such a part.*got 'adam'/,
    ],
    [
      'an operator of no length',
      { kind: 'operator', apply: (v: object) => v },
      {},
      /n: expected how long the vectors are, got undefined/,
    ],
    [
      'an estimate of no form',
      { kind: 'estimate', start() {}, form: 'C' },
      {},
      /form: expected 'B'.*got 'C'/,
    ],
  ])('%s is refused', async (_, exported, said, message) => {
    await expect(subjectOfExport(exported, 'mine', said)).rejects.toThrow(message);
  });
});

describe('a whole pipeline', () => {
  it.each<[string, unknown, object]>([
    ['momentum', pipe(gradient(), momentum(0.9), learningRate(0.01)), { claims: 'momentum' }],
    ['Adam', { kind: 'pipeline', pipeline: pipe(gradient(), lifted(adam())) }, { claims: 'adam' }],
    ['one of no name', pipe(gradient(), clipByNorm(1), learningRate(0.1)), {}],
  ])('%s obeys its laws', async (_, exported, said) => {
    const found = await verdicts(exported, said, 20);
    const unsettled = Object.values(found).filter((v) => v !== 'holds' && !v.startsWith('needs '));
    expect(unsettled).toEqual([]);
    expect(found.U1).toBe('holds');
    if ('claims' in said) expect(found.A).toBe('holds');
  });

  it('one with another memory than it says does not agree', async () => {
    const found = await verdicts(
      pipe(gradient(), momentum(0.8), learningRate(0.01)),
      { claims: 'momentum' },
      20,
    );
    expect(found.A).toMatch(/update 2/);
  });

  it.each<[string, unknown, RegExp]>([
    ['climbs', pipe(gradient(), momentum(0.9)), /the pipeline failed: .*learningRate/],
    ['has no gradient', pipe(momentum(0.9), learningRate(0.1)), /the pipeline failed: /],
    ['is none', (frames: unknown) => ({ frames }), /the pipeline failed: /],
  ])('one that %s is told so', async (_, exported, message) => {
    expect((await verdicts(exported, {}, 10)).U1).toMatch(message);
  });
});
