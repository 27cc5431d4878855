import { option } from '../oracles/naive.js';
import { solved } from '../oracles/newton.js';
import { coordinatewise, type Mutant, naiveMutant, type Options } from './mutant.js';

const rate = (options: Options) => option(options, 'learningRate', 0.1);
const memory = (options: Options) => option(options, 'beta', 0.9) as number | 'sequence';

/** A method of velocity, whose new velocity and update are given. */
function velocityMutant(
  id: string,
  mistake: string,
  killedBy: string,
  method: string,
  step: (at: { g: number; v: number; beta: number; t: number }) => { v: number; direction: number },
): Mutant {
  return naiveMutant({ id, mistake, killedBy, method }, (options) =>
    coordinatewise(({ g, v: before, t }) => {
      const asked = memory(options);
      const beta = asked === 'sequence' ? (t - 1) / (t + 2) : asked;
      const { v, direction } = step({ g, v: before, beta, t });
      return { v, update: -rate(options) * direction };
    }),
  );
}

export const firstOrderMutants: readonly Mutant[] = [
  naiveMutant(
    {
      id: 'descent-ascends',
      mistake: 'The step has a plus sign.',
      killedBy: '1',
      method: 'gradientDescent',
      seen: 'teaching material',
    },
    (options) => coordinatewise(({ g }) => ({ update: rate(options) * g })),
  ),
  naiveMutant(
    {
      id: 'descent-twice',
      mistake: 'The gradient of f² for that of f: twice as long.',
      killedBy: '2',
      method: 'gradientDescent',
    },
    (options) => coordinatewise(({ g }) => ({ update: -2.5 * rate(options) * g })),
  ),
  naiveMutant(
    {
      id: 'descent-hidden-threshold',
      mistake: 'Gradients below an absolute 1e-4 count as zero.',
      killedBy: '8',
      method: 'gradientDescent',
    },
    (options) => coordinatewise(({ g }) => ({ update: Math.abs(g) < 1e-4 ? 0 : -rate(options) * g })),
  ),
  naiveMutant(
    { id: 'descent-by-size', mistake: 'It steps by |g|.', killedBy: '9', method: 'gradientDescent' },
    (options) => coordinatewise(({ g }) => ({ update: -rate(options) * Math.abs(g) })),
  ),
  velocityMutant(
    'momentum-dampened',
    'The gradient is dampened by 1 − β, as in a running mean.',
    '4',
    'momentum',
    ({ g, v, beta }) => {
      const next = beta * v + (1 - beta) * g;
      return { v: next, direction: next };
    },
  ),
  velocityMutant(
    'momentum-buffer-late',
    'The step is made with the velocity from before this gradient.',
    '4',
    'momentum',
    ({ g, v, beta, t }) => ({ v: beta * v + g, direction: t === 1 ? g : v }),
  ),
  velocityMutant(
    'nesterov-old-velocity',
    'The look-ahead uses the old velocity, which makes it heavy ball.',
    '5',
    'nesterov',
    ({ g, v, beta }) => {
      const next = beta * v + g;
      return { v: next, direction: g + beta * v };
    },
  ),
  velocityMutant(
    'nesterov-looks-twice',
    'The look-ahead is added once more.',
    '5',
    'nesterov',
    ({ g, v, beta }) => {
      const next = beta * v + g;
      return { v: next, direction: g + beta * (g + beta * next) };
    },
  ),
  naiveMutant(
    {
      id: 'nesterov-no-sequence',
      mistake:
        "With β = 'sequence' the memory stays 0: gradient descent, whose bound falls as 1/k and not as 1/k².",
      killedBy: '5',
      method: 'nesterov',
    },
    (options) => {
      const beta = memory(options);
      const factor = beta === 'sequence' ? 0 : beta;
      return coordinatewise(({ g, v: before }) => {
        const v = factor * before + g;
        return { v, update: -rate(options) * (g + factor * v) };
      });
    },
  ),
  naiveMutant(
    {
      id: 'newton-damped',
      mistake: 'A hidden 1e-6 is added to the diagonal of the Hessian.',
      killedBy: '16',
      method: 'newton',
    },
    (options) => ({
      start: () => [],
      step(_x, g, _rows, _t, hessian) {
        const n = g.length;
        const damped = hessian!.map((entry, at) => (at % (n + 1) === 0 ? entry + 1e-6 : entry));
        return { rows: [], update: solved(damped, g).map((p) => -rate(options) * p) };
      },
    }),
  ),
  naiveMutant(
    {
      id: 'newton-plus',
      mistake: 'The Newton step has a plus sign.',
      killedBy: '16',
      method: 'newton',
      seen: 'teaching material',
    },
    (options) => ({
      start: () => [],
      step: (_x, g, _rows, _t, hessian) => ({
        rows: [],
        update: solved(hessian!, g).map((p) => rate(options) * p),
      }),
    }),
  ),
  naiveMutant(
    {
      id: 'newton-always-descends',
      mistake: 'The step is turned where it would ascend, so that it is no longer Newton’s.',
      killedBy: '9',
      method: 'newton',
    },
    (options) => ({
      start: () => [],
      step(_x, g, _rows, _t, hessian) {
        const p = solved(hessian!, g);
        const along = p.reduce((total, pi, i) => total + pi * g[i], 0);
        return { rows: [], update: p.map((pi) => -rate(options) * (along < 0 ? -pi : pi)) };
      },
    }),
  ),
];
