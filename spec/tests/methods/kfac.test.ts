import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { flatten } from '../../../src/algebra/flatten.js';
import {
  type Algebra,
  float64,
  type HostArray,
  kfac,
  kfacFixed,
  type Method,
  mapTree,
  onBatch,
  poisoning,
  Random,
  releaseExcept,
  restore,
  type Saved,
  type State,
  save,
  type Tree,
} from '../../../src/index.js';
import {
  averagedParameters,
  chain,
  kroneckerCurvature,
  learningRate,
  masked,
  precondition,
  routing,
} from '../../../src/transforms/index.js';
import { type NetworkChoices, networks } from '../../arbitraries/networks.js';
import { leastSquaresSolution, plus } from '../../oracles/dense/matrices.js';
import {
  blockOf,
  denseGaussNewton,
  lossAndGradient,
  type Setting,
} from '../../oracles/network/dense-curvature.js';
import { places } from '../../oracles/network/network.js';
import { networkProblem } from '../../oracles/network/network-problem.js';
import { seed } from '../../seed.js';
import { norm } from '../../subjects/point.js';

interface Taken {
  readonly update: Float64Array;
  readonly state: State<HostArray>;
  readonly measures: Readonly<Record<string, unknown>>;
  readonly points: readonly Float64Array[];
  readonly losses: readonly number[];
  readonly live: readonly number[];
}

/** A plain loop: what `train` does, on one batch, without a stream. */
function run(
  method: Pick<Method, 'init' | 'update'>,
  { network, x, inputs, labels }: Setting,
  steps = 1,
  {
    signs = 'balanced' as 'balanced' | 'random',
    algebra = float64 as Algebra<HostArray>,
    from = undefined as { state: State<HostArray>; step: number } | undefined,
  } = {},
): Taken {
  const problem = networkProblem(algebra, network, { start: x, signs });
  const objective = onBatch(problem, () => ({ inputs, labels }));
  let parameters = problem.start(new Random(1));
  let state = from?.state ?? method.init(parameters, algebra);
  let [update, measures]: [Float64Array, Taken['measures']] = [new Float64Array(), {}];
  const points = [flatten(algebra, parameters)];
  const losses: number[] = [];
  const live: number[] = [];
  const begin = from?.step ?? 0;
  for (let step = begin; step < begin + steps; step++) {
    const before = { state, parameters };
    const made = algebra.scope(() => {
      const { value, gradient } = objective.valueAndGradient(parameters);
      losses.push(algebra.number(value));
      const context = { algebra, update: gradient, gradient, parameters, loss: value, step, objective };
      const taken = method.update({ ...context, random: new Random(step) }, state);
      expect(taken.outcome).toBeUndefined();
      update = flatten(algebra, taken.update);
      measures = { ...taken.measures };
      return {
        state: taken.state,
        parameters: mapTree(algebra, (p, u) => algebra.add(p, u), parameters, taken.update),
      };
    });
    ({ state, parameters } = made);
    releaseExcept(algebra, before.state, state);
    releaseExcept(algebra, before.parameters, parameters);
    points.push(flatten(algebra, parameters));
    live.push(algebra.live());
  }
  return { update, state, measures, points, losses, live };
}

/** Linear networks with squared error whose factors are exact: at most three outputs, a multiple of four terms. */
const linear = (choices: NetworkChoices) =>
  networks({ losses: ['squared'], activations: ['linear'], ...choices }).filter(({ network, inputs }) => {
    const rows = inputs.length / network.layers[0].inputs;
    return (network.pooled ? rows / network.sharing : rows) % 4 === 0;
  });
const direction = (options: object, damping: number) =>
  chain(precondition(kroneckerCurvature({ memory: 1, ...options }), { damping }), learningRate(1));

/** The step of the dense blocks plus λI, block by block; and the condition of the worst. */
function denseStep(setting: Setting, damping: number): Float64Array {
  const ggn = denseGaussNewton(setting);
  const n = setting.x.length;
  const { gradient } = lossAndGradient(setting);
  const step = new Float64Array(n);
  for (const { kernel, end } of places(setting.network)) {
    const block = blockOf(ggn, n, kernel, end).map((entry, at) =>
      at % (end - kernel + 1) === 0 ? entry + damping : entry,
    );
    step.set(leastSquaresSolution(block, gradient.subarray(kernel, end), end - kernel), kernel);
  }
  return step.map((u) => -u);
}

test('undamped, on a deep linear network, K-FAC is the block-diagonal Gauss–Newton method', () => {
  const random = new Random(11);
  const layer = (inputs: number, outputs: number) => ({
    inputs,
    outputs,
    activation: 'linear' as const,
    bias: true,
  });
  const setting: Setting = {
    network: { layers: [layer(3, 3), layer(3, 3), layer(3, 3)], sharing: 1, pooled: false, loss: 'squared' },
    x: random.normals(36),
    inputs: random.normals(48),
    labels: random.normals(48),
  };
  const expected = denseStep(setting, 0);
  for (const options of [{ form: 'factored' }, { form: 'exact' }]) {
    const { update } = run(direction(options, 0), setting);
    expect(norm(plus(update, expected, -1)) / norm(expected)).toBeLessThan(1e-9);
  }
});

test.each([
  ['kfac', () => kfac({ damping: 0.1 })],
  ['kfac, corrected', () => kfac({ form: 'corrected', inversesEvery: 2 })],
  ['kfac, exact, reduced', () => kfac({ form: 'exact', sharing: 'reduce' })],
  ['kfac, tridiagonal', () => kfac({ form: 'tridiagonal', damping: 1 })],
  ['kfac, delayed', () => kfac({ delay: 2, inversesEvery: 1, statisticsEvery: 1 })],
  ['kfacFixed, delayed', () => kfacFixed({ form: 'corrected', delay: 1, inversesEvery: 1 })],
  ['kfacFixed', () => kfacFixed({ statisticsEvery: 2, inversesEvery: 3 })],
] as const)(
  '%s lowers the loss, keeps its arrays, restarts bit for bit and reads no dead array',
  (_, make) => {
    const samples = fc.sample(
      networks({ repeated: true, losses: ['softmax', 'sigmoid'], examples: { min: 3, max: 5 } }),
      { seed, numRuns: 8 },
    );
    for (const setting of samples) {
      const whole = run(make(), setting, 12, { signs: 'random' });
      expect(Math.min(...whole.losses)).toBeLessThanOrEqual(whole.losses[0]);
      expect(new Set(whole.live.slice(3)).size).toBe(1);
      const half = run(make(), setting, 5, { signs: 'random' });
      const saved = save(float64, half.state) as Saved;
      const rest = run(make(), { ...setting, x: half.points[5] }, 7, {
        signs: 'random',
        from: { state: restore(float64, saved) as State<HostArray>, step: 5 },
      });
      expect(rest.points[7]).toEqual(whole.points[12]);
      const strict = poisoning(float64);
      expect(run(make(), setting, 4, { signs: 'random', algebra: strict }).points[4]).toEqual(
        whole.points[4],
      );
      strict.drain();
    }
  },
);

test('the routing table says which parameter has which block, and why; a selection changes it', () => {
  const [setting] = fc.sample(
    networks({ repeated: true, bias: [true] }).filter(
      ({ network }) =>
        network.layers.length === 3 && network.layers[1].times === 2 && network.layers[0].times === 1,
    ),
    { seed, numRuns: 1 },
  );
  const problem = networkProblem(float64, setting.network, { start: setting.x });
  const passed = problem.layers(problem.start(new Random(1)), setting, 'given', new Random(1));
  const shape = (x: HostArray) => x.shape;
  const table = routing(passed, shape).map(({ path, block, reason }) => `${path}: ${block}, ${reason}`);
  expect(table).toContain('layer0/kernel: kronecker, x·layer0/kernel');
  expect(table).toContain('layer0/bias: kronecker, the bias of layer0/kernel');
  expect(table).toContain('layer1/kernel: diagonal, used twice');
  const chosen = routing(passed, shape, { selects: (path) => !path.startsWith('layer0'), longestSide: 1 });
  expect(chosen.find(({ path }) => path === 'layer0/bias')).toMatchObject({
    block: 'diagonal',
    reason: 'not selected',
  });
  expect(chosen.find(({ path }) => path === 'layer2/kernel')?.reason).toMatch(
    /^a side of \d is longer than 1$/,
  );
  // A parameter of no layer moves by u/(T·g² + λ).
  const { update } = run(direction({ blocks: /none/ }, 0.5), setting);
  const { gradient } = lossAndGradient(setting);
  const { terms } = passed;
  for (const [i, g] of gradient.entries()) expect(update[i]).toBeCloseTo(-g / (terms * g * g + 0.5), 12);
});

test('within a mask the layers are those of the mask', () => {
  const [setting] = fc.sample(
    linear({ depth: { min: 2, max: 2 }, examples: { min: 4, max: 4 }, bias: [true] }),
    { seed, numRuns: 1 },
  );
  const sharing = setting.network.pooled ? 'reduce' : 'expand';
  const whole = run(direction({ form: 'exact', sharing }, 0.5), setting).update;
  const part = run(masked(direction({ form: 'exact', sharing }, 0.5), /^layer1/), setting).update;
  const { kernel } = places(setting.network)[1];
  expect(part.slice(kernel)).toEqual(whole.slice(kernel));
});

test('calibration raises λ where the first model is trusted far too much, and only there', () => {
  const samples = fc.sample(
    networks({ losses: ['softmax', 'sigmoid'], depth: { min: 2, max: 3 }, examples: { min: 1, max: 5 } }),
    { seed, numRuns: 60 },
  );
  const first = (setting: Setting, calibrate: boolean) =>
    run(kfac({ damping: 1e-6, calibrate }), setting, 1, { signs: 'random' }).measures as {
      readonly [name: string]: number;
    };
  let raised = 0;
  for (const setting of samples) {
    const [plain, calibrated] = [first(setting, false), first(setting, true)];
    if (plain.rho >= -1) expect(calibrated).toEqual(plain);
    else {
      raised++;
      expect(calibrated.rho).toBeGreaterThanOrEqual(-1);
      expect(calibrated.lambda).toBeGreaterThan(plain.lambda);
    }
  }
  expect(raised).toBeGreaterThan(0);
});

test('what goes wrong says where: no layers, a factor without inverse, NaN', () => {
  const parameters = { w: float64.fill([2, 1], 1) } as Tree<HostArray>;
  const context = {
    algebra: float64,
    update: parameters,
    gradient: parameters,
    parameters,
    loss: float64.fill([], 1),
    step: 0,
    random: new Random(1),
  };
  const method = kfacFixed();
  expect(() => method.update(context, method.init(parameters, float64))).toThrow(
    'kroneckerCurvature(objective): expected one that tells its layers, got one without',
  );
  const ended = (value: number, damping: number) => {
    const transform = precondition(kroneckerCurvature(), { damping });
    const layer = {
      kernel: 'w',
      inputs: float64.array([value, value], [1, 2]),
      errors: float64.array([1], [1, 1]),
      examples: 1,
      sharing: 1,
    };
    const layers = () => ({
      value: float64.fill([], 1),
      gradient: parameters,
      terms: 1,
      layers: [layer],
      unmatched: [],
    });
    const objective = { value: () => float64.fill([], 1), valueAndGradient: layers, layers };
    return transform.update({ ...context, objective }, transform.init(parameters, float64)).outcome;
  };
  expect(ended(1, 1e-3)).toBeUndefined();
  expect(ended(1, 0)).toEqual({
    kind: 'singular',
    message: 'The curvature of w has no inverse: the input factor is singular at pivot 1: raise the damping.',
  });
  expect(ended(Number.NaN, 1)).toMatchObject({ kind: 'nonFinite' });
  // A layer whose inputs are all 0 has λI for its curvature.
  expect(ended(0, 1e-3)).toBeUndefined();
});

test.each(['factored', 'exact', 'tridiagonal'] as const)(
  'in a burn-in no step is made, and the factors of all its batches make the first: %s',
  (form) => {
    const random = new Random(13);
    const layer = { inputs: 3, outputs: 3, activation: 'tanh' as const, bias: true };
    const setting: Setting = {
      network: { layers: [layer, layer], sharing: 1, pooled: false, loss: 'softmax' },
      x: random.normals(24),
      inputs: random.normals(12),
      labels: Float64Array.from({ length: 4 }, () => random.integer(3)),
    };
    const signs = { signs: 'random' } as const; // others in each batch
    const burnIn = 12; // longer than the inversions at each of the first steps
    const method = kfac({
      form,
      burnIn,
      calibrate: false,
      damping: 0.1,
      statisticsEvery: 1,
      inversesEvery: 5,
    });
    const { update, points } = run(method, setting, burnIn + 1, signs);
    for (const point of points.slice(0, burnIn + 1)) expect(point).toEqual(points[0]);
    /** That of factors learnt from so many batches, nothing moved by the ones before. */
    const directionAfter = (batches: number) => {
      const learning = { form, statisticsEvery: 1, inversesEvery: 1 };
      const still = chain(precondition(kroneckerCurvature(learning), { damping: 0.1 }), learningRate(0));
      const moving = chain(precondition(kroneckerCurvature(learning), { damping: 0.1 }), learningRate(1));
      const from = burnIn + 1 - batches; // the last of them has the signs of the step looked at
      const { state } = run(still, setting, batches - 1, {
        ...signs,
        from: { state: start(still), step: from },
      });
      return run(moving, setting, 1, { ...signs, from: { state, step: burnIn } }).update;
    };
    const start = (of: Pick<Method, 'init'>) =>
      of.init(networkProblem(float64, setting.network, { start: setting.x }).start(new Random(1)), float64);
    const apart = (expected: Float64Array) => {
      const along = norm(update) / norm(expected);
      return (
        norm(
          plus(
            update,
            expected.map((u) => along * u),
            -1,
          ),
        ) / norm(update)
      );
    };
    expect(apart(directionAfter(burnIn + 1))).toBeLessThan(1e-9);
    expect(apart(directionAfter(1))).toBeGreaterThan(1e-3);
  },
);

test('with an average the steps are the same, and the mean of the parameters is kept beside them', () => {
  const random = new Random(12);
  const layer = { inputs: 3, outputs: 3, activation: 'tanh' as const, bias: true };
  const setting: Setting = {
    network: { layers: [layer, layer], sharing: 1, pooled: false, loss: 'softmax' },
    x: random.normals(24),
    inputs: random.normals(24),
    labels: Float64Array.from({ length: 8 }, () => random.integer(3)),
  };
  const [average, steps] = [0.8, 14];
  const method = kfac({ average });
  const { points, state } = run(method, setting, steps);
  expect(points).toEqual(run(kfac({ average: 0 }), setting, steps).points);
  const expected = points.reduce((mean, x, k) =>
    k <= 10 ? x : x.map((entry, i) => average * mean[i] + (1 - average) * entry),
  );
  const kept = flatten(float64, averagedParameters<HostArray>(method, state));
  expect(norm(plus(kept, expected, -1))).toBeLessThan(1e-14 * norm(expected));
  expect(norm(plus(kept, points[steps], -1))).toBeGreaterThan(1e-6 * norm(expected));
});
