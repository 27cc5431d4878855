import { fc } from '@fast-check/vitest';
import { lastValueFrom, map, pipe, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { flatten } from '../../../src/algebra/flatten.js';
import {
  float64,
  type HostArray,
  type KfacFixedOptions,
  kfac,
  kfacFixed,
  type Method,
  type Problem,
  type Tree,
} from '../../../src/index.js';
import { withInverses } from '../../../src/transforms/kronecker-refresh.js';
import type { CurvatureState, KroneckerForm } from '../../../src/transforms/kronecker-state.js';
import type { RefreshedState } from '../../../src/transforms/refreshed.js';
import * as s from '../../../streams/index.js';
import { networks } from '../../arbitraries/networks.js';
import { networkProblem } from '../../oracles/network/network-problem.js';
import { seed } from '../../seed.js';

const [setting] = fc.sample(
  networks({ losses: ['softmax'], depth: { min: 2, max: 3 }, examples: { min: 4, max: 6 } }),
  { seed, numRuns: 1 },
);

/** The network on one batch. */
function problem(): Problem<HostArray> {
  const own = networkProblem(float64, setting.network, { start: setting.x });
  return {
    ...own,
    value: (x) => own.value(x, setting),
    valueAndGradient: (x) => own.valueAndGradient(x, setting),
    curvature: (kind, x) => own.curvature!(kind, x, setting),
    linearized: (x) => own.linearized!(x, setting),
    layers: (x, _, labels, random) => own.layers(x, setting, labels, random),
  };
}

/** The parameters after each step, and the curvature's state after the last. */
async function run(method: Method, steps: number, open?: () => s.Workplace) {
  const frames = s.train(
    problem(),
    s.withoutBatches(),
    pipe(s.gradient(), s.lifted(method, open && { thread: open })),
    { steps },
  );
  return lastValueFrom(
    frames.pipe(
      map((frame) => {
        expect(frame.outcome?.kind ?? 'budget').toBe('budget');
        const { own, curvature } = frame.operators[1].state as unknown as RefreshedState<HostArray> & {
          readonly curvature: CurvatureState<HostArray>;
        };
        const state = (own ?? curvature) as unknown as CurvatureState<HostArray>;
        const blocks = Object.entries(state.blocks).map(([kernel, { a, g, inverse, next }]) => ({
          kernel,
          factors: [a, g, next?.a].map((x) => x && flatten(float64, x as Tree<HostArray>)),
          left: flatten(float64, inverse!.left as Tree<HostArray>),
        }));
        return { x: flatten(float64, frame.nextParameters), left: inverted(state), blocks };
      }),
      toArray(),
    ),
  );
}

let form: KroneckerForm = 'factored';
const damping = 0.5;

/** What the factors of a state are inverted to. */
function inverted(state: CurvatureState<HostArray>): Float64Array[] {
  const { state: made } = withInverses(float64, state, form, damping);
  const { blocks } = made as unknown as CurvatureState<HostArray>;
  return Object.values(blocks).map(({ inverse }) => flatten(float64, inverse!.left as Tree<HostArray>));
}

describe.each<KroneckerForm>(['factored', 'exact', 'corrected', 'tridiagonal'])('law 88, %s', (asked) => {
  test.each([1, 3])(
    'with a delay of %s, what is used at a step was asked for so many before',
    async (delay) => {
      form = asked;
      const options: KfacFixedOptions = { form, damping, delay, inversesEvery: 1, learningRate: 0.05 };
      const steps = await run(kfacFixed(options), 8);
      for (let k = delay; k < steps.length; k++) {
        expect(steps[k].blocks.map(({ left }) => left)).toEqual(steps[k - delay].left);
        expect(steps[k].blocks.map(({ left }) => left)).not.toEqual(steps[k - delay + 1]?.left);
      }
      const first = steps.slice(0, delay + 1).map(({ blocks }) => blocks.map(({ left }) => left));
      for (const left of first) expect(left).toEqual(steps[0].left);
    },
  );
});

test('law 88: a thread makes the run that is made in place, bit for bit; a delay of 0 is the run without one', async () => {
  for (const form of ['factored', 'corrected'] as const) {
    const method = () => kfac({ form, delay: 2, inversesEvery: 2 });
    const paths = [await run(method(), 14), await run(method(), 14, s.linalgThread)];
    expect(paths[1]).toEqual(paths[0]);
    const plain = await run(kfac({ form, inversesEvery: 2 }), 14);
    expect(await run(kfac({ form, inversesEvery: 2, delay: 0 }), 14)).toEqual(plain);
    expect(plain[13].x).not.toEqual(paths[0][13].x);
  }
});

test('a delayed answer that has no inverse ends the run, and names the layer', async () => {
  const method = kfac({ delay: 1, damping: 0.1, inversesEvery: 1 });
  const curvature = method.parts[0];
  expect(curvature.options).toMatchObject({ curvature: { options: { delay: 1 } } });
  const broken = (): s.Workplace => ({
    work: async () => ({
      inverses: {},
      measures: {},
      failed: { kind: 'singular', message: 'The curvature of layer0/kernel has no inverse: so said.' },
    }),
    close() {},
  });
  const frames = s.train(
    problem(),
    s.withoutBatches(),
    pipe(s.gradient(), s.lifted(method, { thread: broken })),
    { steps: 5 },
  );
  const last = await lastValueFrom(frames);
  expect(last.outcome).toMatchObject({
    kind: 'singular',
    step: 2,
    message: expect.stringContaining('layer0/kernel has no inverse'),
  });
});
