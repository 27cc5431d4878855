import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { float64, type HostArray, poisoning, Random } from '../../../src/index.js';
import { signedLogBin, signedLogBins, signedLogEdges } from '../../../src/objective/signed-log-bins.js';
import {
  chain,
  learningRate,
  measureHistograms,
  measureLayers,
  momentum,
  type Transform,
} from '../../../src/transforms/index.js';

fc.configureGlobal({ seed: 1 });

describe('the grid of histograms', () => {
  const sized = fc.tuple(fc.double({ min: -12, max: 8, noNaN: true }), fc.constantFrom(-1, 1));

  test.prop([sized])('holds every number in the bin whose edges enclose it', ([exponent, sign]) => {
    const value = sign * 10 ** exponent;
    const bin = signedLogBin(value);
    const [low, high] = signedLogEdges(bin);
    expect(value).toBeGreaterThanOrEqual(low * (1 - 1e-12 * Math.sign(low)));
    expect(value).toBeLessThanOrEqual(high * (1 + 1e-12 * Math.sign(high)));
  });

  test('is symmetric, without gaps, and holds 0 and ±∞ but no NaN', () => {
    for (let bin = 0; bin + 1 < signedLogBins; bin++) {
      expect(signedLogEdges(bin)[1]).toBe(signedLogEdges(bin + 1)[0]);
      const [low, high] = signedLogEdges(signedLogBins - 1 - bin);
      expect(signedLogEdges(bin)).toEqual([-high, -low]);
    }
    expect(signedLogBin(0)).toBe((signedLogBins - 1) / 2);
    expect([signedLogBin(-Infinity), signedLogBin(Infinity)]).toEqual([0, signedLogBins - 1]);
    expect(signedLogBin(Number.NaN)).toBe(-1);
  });
});

type Leaf = readonly number[];
const weight = fc.double({ min: -100, max: 100, noNaN: true });
const leaf = fc.array(weight, { minLength: 1, maxLength: 5 });
const trees = fc.array(leaf, { minLength: 1, maxLength: 3 }).chain((parameters) => {
  const like = fc.tuple(
    ...parameters.map(({ length }) => fc.array(weight, { minLength: length, maxLength: length })),
  );
  return fc.record({
    parameters: fc.constant(parameters),
    gradients: fc.array(like, { minLength: 1, maxLength: 6 }),
  });
});

/** Runs a transform over some gradients at parameters that stay, and gives its updates and what it measured. */
function run(transform: Transform, parameters: readonly Leaf[], gradients: readonly (readonly Leaf[])[]) {
  const algebra = poisoning(float64);
  const tree = (values: readonly Leaf[]) => values.map((each) => algebra.array(each, [each.length]));
  const at = tree(parameters);
  let state = transform.init(at, algebra);
  return gradients.map((values, step) => {
    const gradient = tree(values);
    const loss = algebra.fill([], 0);
    const context = {
      algebra,
      update: gradient,
      gradient,
      parameters: at,
      loss,
      step,
      random: new Random(1),
    };
    const made = transform.update(context, state);
    state = made.state;
    const read = (x: unknown): unknown =>
      Array.isArray(x) ? x.map(read) : typeof x === 'number' ? x : algebra.number(x as HostArray);
    const measures = Object.fromEntries(
      Object.entries(made.measures ?? {}).map(([name, x]) => [name, read(x)]),
    );
    const update = (made.update as HostArray[]).map((x) => [...algebra.values(x)]);
    return { update, measures: measures as Record<string, number | number[]> };
  });
}

const square = (v: Leaf) => v.reduce((sum, x) => sum + x * x, 0);

describe('looks at a step', () => {
  test.prop([trees])('pass the update on bit for bit', ({ parameters, gradients }) => {
    const bare = run(chain(momentum(0.9), learningRate(0.1)), parameters, gradients);
    const looks = [measureHistograms({ every: 1 }), measureLayers({ every: 2 })];
    const looked = run(chain(momentum(0.9), learningRate(0.1), ...looks), parameters, gradients);
    expect(looked.map(({ update }) => update)).toEqual(bare.map(({ update }) => update));
  });

  test.prop([trees])('count every entry once, by sign', ({ parameters, gradients }) => {
    const [{ measures }] = run(measureHistograms({ every: 1 }), parameters, gradients.slice(0, 1));
    const part = (name: string, k: number) =>
      (measures[name] as number[]).slice(k * signedLogBins, (k + 1) * signedLogBins);
    const shares = (name: string) => part(name, 0);
    for (const name of ['gradients', 'updates', 'weights'])
      expect(shares(name).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    const all = parameters.flat();
    const negative = shares('weights').slice(0, (signedLogBins - 1) / 2);
    const expected = all.filter((x) => x <= -1e-10).length / all.length;
    expect(negative.reduce((sum, share) => sum + share, 0)).toBeCloseTo(expected, 12);
    // Of several parameters each has a histogram of its own, and together they make that of all.
    const parts = parameters.length > 1 ? parameters.length : 0;
    expect(measures.weights).toHaveLength((1 + parts) * signedLogBins);
    const together = Array.from({ length: parts }, (_, k) =>
      part('weights', k + 1).map((share) => (share * parameters[k]!.length) / all.length),
    );
    shares('weights').forEach((share, bin) => {
      if (parts > 0) expect(together.reduce((sum, one) => sum + one[bin]!, 0)).toBeCloseTo(share, 12);
    });
  });

  test.prop([trees])('tell lengths and angle as they are', ({ parameters, gradients }) => {
    fc.pre(gradients.every((values) => square(values.flat()) > 1e-100));
    const steps = run(chain(learningRate(0.5), measureLayers({ every: 1 })), parameters, gradients);
    steps.forEach(({ measures }, k) => {
      expect(measures.cosine).toBeCloseTo(1, 12);
      parameters.forEach((x, i) => {
        const [of, to] = [0.25 * square(gradients[k]![i]!), square(x)];
        const ratio = (measures.updateToWeight as number[])[i]!;
        if (to > 1e-100 && of > 1e-100) expect(ratio / Math.sqrt(of / to)).toBeCloseTo(1, 10);
      });
      expect(measures.signalToNoise === undefined).toBe(k === 0);
    });
  });

  test('tell a signal from noise of known size', () => {
    const random = new Random(3);
    const [signal, noise, n] = [0.5, 2, 400];
    const gradients = Array.from({ length: 200 }, () => [
      Array.from({ length: n }, () => signal + noise * random.normal()),
      Array.from({ length: n }, () => noise * random.normal()),
    ]);
    const zeros = gradients[0]!.map((each) => each.map(() => 1));
    const steps = run(measureLayers({ every: 1, beta: 0.95 }), zeros, gradients);
    const last = steps.slice(50).map(({ measures }) => measures.signalToNoise as number[]);
    const mean = (i: number) => last.reduce((sum, each) => sum + each[i]!, 0) / last.length;
    expect(mean(0)).toBeGreaterThan(0.8 * (signal / noise) ** 2);
    expect(mean(0)).toBeLessThan(1.2 * (signal / noise) ** 2);
    expect(mean(1)).toBeLessThan(0.1 * (signal / noise) ** 2);
  });
});
