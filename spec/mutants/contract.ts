import { SavedArray } from '../../src/index.js';
import { naiveAdam } from '../oracles/adam.js';
import { momentumOracle } from '../oracles/momentum.js';
import { type Naive, naiveOptimizer } from '../oracles/naive.js';
import type { Moment, Optimizer, Point } from '../subjects/subject.js';
import { type Mutant, type Options, optimizerMutant } from './mutant.js';

/** Adam whose powers of β are counted outside the state. */
function countsOutside(options: Options): Optimizer {
  const right = naiveAdam(options, 0);
  let steps = 0;
  const counted: Naive = {
    start(x) {
      steps = 0;
      return right.start(x);
    },
    step(x, g, rows) {
      steps++;
      return right.step(x, g, rows, steps);
    },
  };
  return naiveOptimizer(counted, false);
}

/** A function of every entry. */
const mapped = (point: Point, f: (entry: number) => number): Point =>
  point.map(({ shape, data }) => new SavedArray(shape, Float64Array.from(data, f)));

const withoutState = (updateOf: (moment: Moment) => Point): Optimizer => ({
  init: () => null,
  step: (state, moment) => ({ update: updateOf(moment), state }),
  save: (state) => state,
  restore: (saved) => saved,
});

let drawn = 0; // what a global random number generator is to two runs

/** The velocity that all instances begin with, and the state some of them write into. */
const sharedVelocity: number[] = [];

export const contractMutants: readonly Mutant[] = [
  optimizerMutant(
    {
      id: 'noise-from-outside',
      mistake: 'It draws from a generator that no seed of its own controls.',
      killedBy: 'U1',
      method: 'momentum',
    },
    (options) => {
      const right = momentumOracle.create(options);
      return {
        ...right,
        step(state, moment) {
          drawn = (drawn * 25_173 + 13_849) % 65_536;
          const next = right.step(state, moment);
          return { update: mapped(next.update, (u) => u + drawn / 65_536), state: next.state };
        },
      };
    },
  ),
  optimizerMutant(
    {
      id: 'shared-default-state',
      mistake: 'A default velocity is shared between all instances.',
      killedBy: 'U2',
      method: 'momentum',
    },
    (options) => {
      const { learningRate = 0.01, beta = 0.9 } = options as { learningRate?: number; beta?: number };
      return naiveOptimizer(
        {
          start: () => [],
          step(_x, g) {
            const update = g.map((gi, i) => {
              sharedVelocity[i] = beta * (sharedVelocity[i] ?? 0) + gi;
              return -learningRate * sharedVelocity[i];
            });
            return { update, rows: [] };
          },
        },
        false,
      );
    },
  ),
  optimizerMutant(
    {
      id: 'gradient-overwritten',
      mistake: 'It negates the gradient in place.',
      killedBy: 'U3',
      method: 'gradientDescent',
    },
    (options) => {
      const { learningRate = 0.1 } = options as { learningRate?: number };
      return withoutState(({ gradient }) => {
        for (const { data } of gradient) for (let i = 0; i < data.length; i++) data[i] *= -learningRate;
        return gradient;
      });
    },
  ),
  optimizerMutant(
    {
      id: 'parameters-overwritten',
      mistake: 'It moves the parameters itself, and the loop moves them again.',
      killedBy: 'U3',
      method: 'gradientDescent',
    },
    (options) => {
      const { learningRate = 0.1 } = options as { learningRate?: number };
      return withoutState(({ parameters, gradient }) => {
        const update = mapped(gradient, (g) => -learningRate * g);
        parameters.forEach(({ data }, leaf) => {
          for (let i = 0; i < data.length; i++) data[i] += update[leaf].data[i];
        });
        return update;
      });
    },
  ),
  optimizerMutant(
    {
      id: 'state-mutated',
      mistake: 'The velocity is accumulated in the state it was given.',
      killedBy: 'U3',
      method: 'momentum',
    },
    (options) => {
      const { learningRate = 0.01, beta = 0.9 } = options as { learningRate?: number; beta?: number };
      return {
        init: (parameters) => parameters.map(({ data }) => new Float64Array(data.length)),
        step(state, { gradient }) {
          const velocity = state as Float64Array[];
          const update = gradient.map(({ shape, data }, leaf) => {
            for (let i = 0; i < data.length; i++) velocity[leaf][i] = beta * velocity[leaf][i] + data[i];
            return new SavedArray(
              shape,
              velocity[leaf].map((v) => -learningRate * v),
            );
          });
          return { update, state };
        },
        save: (state) => structuredClone(state),
        restore: (saved) => structuredClone(saved),
      };
    },
  ),
  optimizerMutant(
    {
      id: 'scalars-become-vectors',
      mistake: 'A 0-d parameter gets an update of shape [1].',
      killedBy: 'U4',
      method: 'momentum',
    },
    (options) => {
      const right = momentumOracle.create(options);
      return {
        ...right,
        step(state, moment) {
          const next = right.step(state, moment);
          const update = next.update.map(
            ({ shape, data }) => new SavedArray(shape.length === 0 ? [1] : shape, data),
          );
          return { update, state: next.state };
        },
      };
    },
  ),
  optimizerMutant(
    {
      id: 'powers-before-restore',
      mistake:
        'The powers of β are counted outside the state, so that a restored run corrects from t = 1 again.',
      killedBy: 'U5',
      method: 'adam',
    },
    countsOutside,
  ),
];
