import { option } from '../oracles/naive.js';
import { coordinatewise, type Mutant, naiveMutant, type Options } from './mutant.js';

const eta = (options: Options) => option(options, 'learningRate', 0.01);
const epsilonOf = (options: Options) => option(options, 'epsilon', 1e-8);

export const adaptiveMutants: readonly Mutant[] = [
  naiveMutant(
    {
      id: 'rmsprop-memory-swapped',
      mistake: 'β weighs the new square and 1 − β the old ones.',
      killedBy: '47',
      method: 'rmsprop',
    },
    (options) => {
      const beta = option(options, 'beta', 0.9);
      return coordinatewise(({ g, v: before }) => {
        const v = (1 - beta) * before + beta * g * g;
        return { v, update: (-eta(options) * g) / (Math.sqrt(v) + epsilonOf(options)) };
      });
    },
  ),
  naiveMutant(
    {
      id: 'rmsprop-old-square',
      mistake:
        'The gradient is divided by the root from before it was counted, which forgets the newest square.',
      killedBy: '51',
      method: 'rmsprop',
    },
    (options) => {
      const beta = option(options, 'beta', 0.9);
      return coordinatewise(({ g, v, t }) => {
        const divisor = Math.sqrt(t === 1 ? g * g : v) + epsilonOf(options);
        return { v: beta * v + (1 - beta) * g * g, update: (-eta(options) * g) / divisor };
      });
    },
  ),
  naiveMutant(
    {
      id: 'adagrad-sums-sizes',
      mistake: 'The sum takes |g| in place of g².',
      killedBy: '49',
      method: 'adagrad',
    },
    (options) =>
      coordinatewise(({ g, v: before }) => {
        const v = before + Math.abs(g);
        return { v, update: (-eta(options) * g) / (Math.sqrt(v) + epsilonOf(options)) };
      }),
  ),
  naiveMutant(
    {
      id: 'adagrad-forgets',
      mistake: 'The sum is halved at every step: a running mean in place of a sum.',
      killedBy: '51',
      method: 'adagrad',
    },
    (options) =>
      coordinatewise(({ g, v: before }) => {
        const v = before / 2 + (g * g) / 2;
        return { v, update: (-eta(options) * g) / (Math.sqrt(v) + epsilonOf(options)) };
      }),
  ),
  naiveMutant(
    {
      id: 'sign-of-zero',
      mistake: 'sign(0) is 1.',
      killedBy: '9b',
      method: 'signDescent',
    },
    (options) => coordinatewise(({ g }) => ({ update: g >= 0 ? -eta(options) : eta(options) })),
  ),
];
