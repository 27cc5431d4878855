import { inner } from '../../oracles/dense/matrices.js';
import { naiveBoxModel } from '../../oracles/second-order/box-step.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

export const boxModelMutants: readonly Mutant[] = [
  mutantOf(
    {
      id: 'path-turns-back',
      mistake: 'dᵀBz has the wrong sign: what the path has come through counts against it.',
      killedBy: '99b',
    },
    (named) => naiveBoxModel({ turn: (d, moved) => -inner(d, moved) }, named),
  ),
  mutantOf(
    {
      id: 'bent-path-cut-short',
      mistake: 'Along each piece of the path a tenth too little is gone.',
      killedBy: '99c',
    },
    (named) =>
      naiveBoxModel({ along: (slope, curvature) => (-0.9 * slope) / curvature, subspace: false }, named),
  ),
  mutantOf(
    {
      id: 'cauchy-point-taken',
      mistake: 'The step ends at the minimizer along the bent path: what is free there is not minimized.',
      killedBy: '99c',
    },
    (named) => naiveBoxModel({ subspace: false }, named),
  ),
  mutantOf(
    {
      id: 'bends-forgotten',
      mistake:
        'The slope behind a bend is taken without the curvature met on the way: the path goes too far and holds too many.',
      killedBy: '99c',
    },
    (named) => naiveBoxModel({ turn: () => 0 }, named),
  ),
];
