import { fc, test as property } from '@fast-check/vitest';
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
  chain,
  kroneckerCurvature,
  learningRate,
  masked,
  precondition,
  quadraticSteps,
  routing,
} from '../../../src/transforms/index.js';
import { withMap } from '../../arbitraries/linear-maps.js';
import { type NetworkChoices, networks } from '../../arbitraries/networks.js';
import { leastSquaresSolution, plus, product, times } from '../../oracles/dense/matrices.js';
import {
  blockOf,
  denseGaussNewton,
  lossAndGradient,
  type Setting,
} from '../../oracles/network/dense-curvature.js';
import { type Network, places } from '../../oracles/network/network.js';
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

const four = { min: 4, max: 8 };
property.prop([linear({ examples: four }), fc.constantFrom(0.5, 4)], { seed })(
  'law 45: with a linear network and squared error the step is that of the dense Gauss–Newton blocks',
  (setting, damping) => {
    const sharing = setting.network.pooled ? 'reduce' : 'expand';
    const { update } = run(direction({ form: 'exact', sharing }, damping), setting);
    const expected = denseStep(setting, damping);
    const kappa = 1 + norm(denseGaussNewton(setting)) / damping;
    const allowed =
      30 *
      setting.x.length *
      kappa *
      Number.EPSILON *
      (norm(expected) + norm(lossAndGradient(setting).gradient) / damping);
    expect(norm(plus(update, expected, -1))).toBeLessThanOrEqual(allowed);
  },
);

test('law 45: undamped, on a deep linear network, K-FAC is the block-diagonal Gauss–Newton method', () => {
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

property.prop([withMap(fc.constant({ n: 3 })), withMap(fc.constant({ n: 3 })), fc.integer()], { seed })(
  'law 46: undamped K-FAC does not see an affine change of activations',
  ([, inner], [, outer], s) => {
    const random = new Random(s);
    const layer = (inputs: number, outputs: number) => ({
      inputs,
      outputs,
      activation: 'tanh' as const,
      bias: true,
    });
    const [tau, gamma] = [random.normals(3), random.normals(3)];
    const plain: Network = {
      layers: [layer(3, 3), layer(3, 2)],
      sharing: 1,
      pooled: false,
      loss: 'squared',
    };
    // The first layer's activation becomes φ(yΩ + τ)Φ + γ; W̄ = Φ̄₋₁W̄†Ω + τ, and the second layer sees h̄Φ̄.
    const changed: Network = {
      ...plain,
      layers: [
        { ...layer(3, 3), surround: { omega: inner.matrix, tau, phi: outer.matrix, gamma } },
        layer(3, 2),
      ],
    };
    const there = random.normals(20).map((w) => w / 2); // W̄† of both layers
    const here = there.slice();
    const first = product(there.slice(0, 9), inner.matrix, 3);
    here.set(first, 0);
    here.set(plus(rowTimes(there.subarray(9, 12), inner.matrix), tau), 9);
    const second = (w: Float64Array) => multiplied(outer.matrix, w.subarray(12, 18), 3, 3, 2);
    here.set(second(there), 12);
    here.set(plus(there.slice(18), rowProduct(gamma, there.subarray(12, 18), 2)), 18);
    const batch = { inputs: random.normals(60), labels: random.normals(40) };
    const loss = (network: Network, x: Float64Array) => lossAndGradient({ network, x, ...batch }).value;
    expect(loss(changed, there)).toBeCloseTo(loss(plain, here), 10);
    const u = run(direction({}, 0), { network: plain, x: here, ...batch }, 1, { signs: 'random' }).update;
    const v = run(direction({}, 0), { network: changed, x: there, ...batch }, 1, { signs: 'random' }).update;
    const image = v.slice();
    image.set(product(v.slice(0, 9), inner.matrix, 3), 0);
    image.set(rowTimes(v.subarray(9, 12), inner.matrix), 9);
    image.set(second(v), 12);
    image.set(plus(v.slice(18), rowProduct(gamma, v.subarray(12, 18), 2)), 18);
    // K: κ(T)² ≤ 2¹⁶ for the two maps; the factors of 20 normal rows with errors of their own are measured.
    const kappa = (inner.condition * outer.condition) ** 2 * 1e6;
    fc.pre(20 * kappa * Number.EPSILON < 1e-3);
    expect(norm(plus(image, u, -1))).toBeLessThanOrEqual(30 * 20 * kappa * Number.EPSILON * norm(u));
  },
);

function rowTimes(row: Float64Array, matrix: Float64Array): Float64Array {
  return rowProduct(row, matrix, row.length);
}
function rowProduct(row: Float64Array, matrix: Float64Array, columns: number): Float64Array {
  return multiplied(row, matrix, 1, row.length, columns);
}
function multiplied(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += a[Math.floor(at / columns) * inner + k] * b[k * columns + (at % columns)];
    return sum;
  });
}

const tame = networks({
  losses: ['softmax', 'sigmoid', 'squared'],
  depth: { min: 2, max: 2 },
  repeated: true,
  examples: { min: 2, max: 5 },
});

property.prop([tame, fc.constantFrom('factored', 'exact', 'corrected')], { seed, numRuns: 40 })(
  'law 26: rate and momentum minimize the quadratic model, ρ is the reduction over its own, and λ follows it',
  (setting, form) => {
    const method = quadraticSteps(kroneckerCurvature({ form: form as 'exact' }), {
      damping: 0.25,
      calibrate: false,
      decay: 0.5,
    });
    const ggn = denseGaussNewton(setting);
    const { gradient, value } = lossAndGradient(setting);
    fc.pre(norm(gradient) > 1e-6);
    const { update, measures, state } = run(method, setting, 1, { signs: 'random' });
    const damping = measures.lambda as number;
    expect(damping).toBe(0.25);
    const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, ai, i) => sum + ai * b[i], 0);
    if (norm(update) > 0) {
      // Along its own direction the step is the minimizer: gᵀδ + δᵀ(G + λI)δ = 0.
      const bent = plus(times(ggn, update), update, damping);
      const terms = Math.abs(inner(gradient, update)) + Math.abs(inner(update, bent));
      expect(Math.abs(inner(gradient, update) + inner(update, bent))).toBeLessThanOrEqual(1e-12 * terms);
      const predicted = inner(gradient, update) + inner(update, times(ggn, update)) / 2;
      const change = lossAndGradient({ ...setting, x: plus(setting.x, update) }).value - value;
      const rho = change / predicted;
      expect(Math.abs((measures.rho as number) - rho)).toBeLessThanOrEqual(
        1e-7 * (1 + Math.abs(rho)) + (1e-13 * Math.abs(value)) / Math.abs(predicted),
      );
    }
    const rho = measures.rho as number;
    const next = (state as { damping: number }).damping;
    // The next damping is never higher for a higher ρ, and never raised where ρ ≥ ¾.
    const expected = !(rho >= -1) ? 4 : rho < 0.25 ? 0.5 : rho > 0.95 ? 0.0625 : rho > 0.75 ? 0.125 : 0.25;
    expect(next).toBe(expected);
    if (!(rho >= -1)) expect(norm(update)).toBe(0);
  },
);

test('the second step minimizes the model over both the direction and the last step', () => {
  const [setting] = fc.sample(
    networks({ losses: ['sigmoid'], depth: { min: 2, max: 2 }, examples: { min: 4, max: 4 } }),
    { seed: 8, numRuns: 1 },
  );
  const method = quadraticSteps(kroneckerCurvature(), { damping: 0.25, calibrate: false, decay: 0.999999 });
  const { points, measures } = run(method, setting, 2, { signs: 'random' });
  const at = { ...setting, x: points[1] };
  const [last, step] = [plus(points[1], points[0], -1), plus(points[2], points[1], -1)];
  expect(measures.momentum).not.toBe(0);
  const residual = plus(
    lossAndGradient(at).gradient,
    plus(times(denseGaussNewton(at), step), step, measures.lambda as number),
  );
  const along = last.reduce((sum, d, i) => sum + d * residual[i], 0);
  expect(Math.abs(along)).toBeLessThanOrEqual(1e-10 * norm(last) * norm(lossAndGradient(at).gradient));
});

test.each([
  ['kfac', () => kfac({ damping: 0.1 })],
  ['kfac, corrected', () => kfac({ form: 'corrected', inversesEvery: 2 })],
  ['kfac, exact, reduced', () => kfac({ form: 'exact', sharing: 'reduce' })],
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

test('calibration finds a damping within which the model foretells the first step', () => {
  const [setting] = fc.sample(
    networks({ losses: ['softmax'], depth: { min: 2, max: 2 }, examples: { min: 5, max: 5 } }),
    { seed, numRuns: 1 },
  );
  for (const damping of [1e-4, 1, 1e4]) {
    const { measures } = run(kfac({ damping }), setting, 1, { signs: 'random' });
    expect(measures.rho as number).toBeGreaterThanOrEqual(0.25);
  }
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
