import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import {
  denseOperator,
  float64,
  type HostArray,
  hessianFree,
  type Method,
  mapTree,
  onBatch,
  Random,
  releaseExcept,
  type State,
  type Tree,
} from '../../../src/index.js';
import { dampingFactor } from '../../../src/transforms/damping-factor.js';
import { keptIterates } from '../../../src/transforms/kept-iterates.js';
import { spectral } from '../../arbitraries/matrices.js';
import { networks } from '../../arbitraries/networks.js';
import { inner, leastSquaresSolution, times } from '../../oracles/dense/matrices.js';
import { denseGaussNewton, lossAndGradient, type Setting } from '../../oracles/network/dense-curvature.js';
import { networkProblem } from '../../oracles/network/network-problem.js';
import { seed } from '../../seed.js';
import { norm } from '../../subjects/point.js';

interface Ride {
  readonly losses: readonly number[];
  readonly points: readonly Float64Array[];
  readonly measures: readonly Record<string, number>[];
  readonly live: readonly number[];
}

/** A plain loop on one batch. */
function run(method: Method, setting: Setting, steps: number): Ride {
  const problem = networkProblem(float64, setting.network, { start: setting.x });
  const objective = onBatch(problem, () => setting);
  let parameters: Tree<HostArray> = problem.start(new Random(1));
  let state: State<HostArray> = method.init(parameters, float64);
  const ride = {
    losses: [] as number[],
    points: [] as Float64Array[],
    measures: [] as never[],
    live: [] as number[],
  };
  const flat = (tree: Tree<HostArray>) =>
    Float64Array.from(
      Object.values(tree as Record<string, Record<string, HostArray>>).flatMap((layer) =>
        Object.values(layer).flatMap(({ data }) => [...data]),
      ),
    );
  for (let step = 0; step < steps; step++) {
    const before = { state, parameters };
    ({ state, parameters } = float64.scope(() => {
      const { value, gradient } = objective.valueAndGradient(parameters);
      ride.losses.push(float64.number(value));
      ride.points.push(flat(parameters));
      const context = {
        algebra: float64,
        update: gradient,
        gradient,
        parameters,
        loss: value,
        step,
        objective,
      };
      const taken = method.update({ ...context, random: new Random(step) }, state);
      expect(taken.outcome).toBeUndefined();
      ride.measures.push(taken.measures as never);
      return {
        state: taken.state,
        parameters: mapTree(float64, (x, u) => float64.add(x, u), parameters, taken.update),
      };
    }));
    releaseExcept(float64, before.state, state);
    releaseExcept(float64, before.parameters, parameters);
    ride.live.push(float64.live());
  }
  return ride;
}

const options = fc.record({
  preconditioner: fc.constantFrom('none' as const, 'empirical' as const),
  warmStart: fc.constantFrom(0, 0.95),
  damping: fc.constantFrom(1, 2 ** -6),
});

property.prop([networks({ sharing: { min: 1, max: 1 } }), options], { seed, numRuns: 60 })(
  'an accepted step lowers the loss, a rejected one leaves the parameters (B), and λ follows ρ as told',
  (setting, chosen) => {
    const { losses, points, measures } = run(hessianFree(chosen), setting, 6);
    for (let k = 1; k < losses.length; k++) {
      const { lambda, rho, rate, rejected } = measures[k - 1];
      if (rate > 0) expect(losses[k]).toBeLessThan(losses[k - 1]);
      else expect(points[k]).toEqual(points[k - 1]);
      expect(rejected - (k > 1 ? measures[k - 2].rejected : 0)).toBe(rate > 0 ? 0 : 1);
      expect(measures[k].lambda).toBe(lambda * dampingFactor(rho, 2 / 3));
    }
  },
);

property.prop([networks({ sharing: { min: 1, max: 1 }, depth: { min: 1, max: 2 } })], { seed, numRuns: 60 })(
  'the first direction solves (G + λI)δ = −g, and ρ is told of the undamped model',
  (setting) => {
    const damping = 1;
    const { losses, points, measures } = run(
      hessianFree({ damping, iterations: 200, warmStart: 0 }),
      setting,
      2,
    );
    const { rate, rho, kept, iterations } = measures[0];
    fc.pre(kept === iterations && rate === 1);
    const n = setting.x.length;
    const g = lossAndGradient(setting).gradient;
    const matrix = denseGaussNewton(setting);
    const whole = matrix.map((entry, at) => entry + (at % (n + 1) === 0 ? damping : 0));
    const exact = leastSquaresSolution(whole, g, n).map((d) => -d);
    const step = points[1].map((x, i) => x - points[0][i]);
    // The solve may end before it has converged: φ must then be as low to a part in a thousand.
    const phi = (d: Float64Array) => inner(g, d) + inner(d, times(whole, d)) / 2;
    expect(phi(step)).toBeLessThanOrEqual(0.995 * phi(exact) + 1e-12);
    const predicted = inner(g, step) + inner(step, times(matrix, step)) / 2;
    const change = losses[1] - losses[0];
    if (Math.abs(predicted) < 1e-9) return;
    expect(Math.abs(rho * predicted - change)).toBeLessThanOrEqual(1e-9 * (Math.abs(change) + losses[0] + 1));
  },
);

property.prop([spectral({ sizes: { min: 12, max: 12 }, reach: 3 }), fc.integer()], { seed, numRuns: 40 })(
  'iterates are kept at 5·1.3ʲ and at the end, each lower than the one before, and the end is where φ stalls',
  (sample, s) => {
    const { n } = sample;
    const matrix = denseOperator(
      float64,
      sample.matrix.map((_, at) =>
        inner(
          sample.matrix.subarray(Math.floor(at / n) * n, (Math.floor(at / n) + 1) * n),
          sample.matrix.subarray((at % n) * n, ((at % n) + 1) * n),
        ),
      ),
      float64.fill([n], 0),
      { positiveSemidefinite: true },
    );
    const g = float64.array(new Random(s).normals(n), [n]);
    const { iterates, iterations } = keptIterates(matrix, g, float64.fill([n], 0), 100);
    const phi = iterates.map(({ x }) => {
      const { data } = x as HostArray;
      return inner(data, g.data) + inner(data, (matrix.apply(x) as HostArray).data) / 2;
    });
    for (let k = 1; k < phi.length; k++) expect(phi[k]).toBeLessThanOrEqual(phi[k - 1] * (1 - 1e-9));
    expect(iterates.at(-1)!.iteration).toBe(iterations);
    expect(iterates.slice(0, -1).map(({ iteration }) => iteration)).toEqual(
      [5, 7, 9, 11, 15, 19, 25, 32]
        .filter((iteration) => iteration < iterations)
        .slice(0, iterates.length - 1),
    );
  },
);

const layer = (inputs: number, outputs: number, activation: 'linear' | 'tanh') => ({
  inputs,
  outputs,
  activation,
  bias: true,
});

test('it trains a deep network on one batch, and holds no more arrays as it goes on', () => {
  const random = new Random(5);
  const setting: Setting = {
    network: {
      layers: [layer(3, 3, 'tanh'), layer(3, 3, 'tanh'), layer(3, 2, 'linear')],
      sharing: 1,
      pooled: false,
      loss: 'softmax',
    },
    x: random.normals(32),
    inputs: random.normals(60),
    labels: Float64Array.from({ length: 20 }, () => random.integer(2)),
  };
  const { losses, live } = run(hessianFree({ damping: 1 }), setting, 30);
  expect(losses.at(-1)).toBeLessThan(0.1 * losses[0]);
  expect(new Set(live.slice(2)).size).toBe(1);
  expect(norm(setting.x)).toBeGreaterThan(0);
});
