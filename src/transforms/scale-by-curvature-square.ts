import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';
import { hutchinsonDiagonal, rowSums } from '../curvature/diagonal-estimates.js';
import { curvatureOf } from './curvature-of.js';
import { power } from './root.js';
import type { Context, Step, Transform } from './transform.js';

export interface CurvatureSquareOptions {
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the curvature's mean square, in [0, 1). */
  beta2?: number;
  /** ε ≥ 0, added beside the root. */
  epsilon?: number;
  /** k in (0, 1], the power of the root. */
  power?: number;
  /** Steps from one curvature probe to the next. */
  every?: number;
  /** 'hutchinson': z∘Hz of random signs; 'rowSums': H·1, as code in print has it. */
  probe?: 'hutchinson' | 'rowSums';
}

export const curvatureSquareOptions: OptionsOf<CurvatureSquareOptions> = {
  beta1: number(0.9, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.999, '[0, 1)', 'β₂, the memory of the mean square of the curvature'),
  epsilon: number(1e-4, '[0, ∞)', 'ε, added beside the root'),
  power: number(1, '(0, 1]', 'k, the power of the root'),
  every: whole(1, '[1, ∞)', 'steps from one curvature probe to the next'),
  probe: choice(
    'hutchinson',
    ['hutchinson', 'rowSums'],
    'z∘Hz of random signs, or H·1 as code in print has it',
  ),
};

/**
 * AdaHessian's direction: m ← β₁m + (1 − β₁)u, and, with D = z∘Hz of a fresh Rademacher probe z every so many steps,
 * v ← β₂v + (1 − β₂)D²; the update is m̂/(√v̂ᵏ + ε), both corrected for bias.
 *
 * E[D²]ᵢ = Σⱼ H²ᵢⱼ, so v̂ is the square of a row's norm, and of the diagonal only where H is diagonal. The |D| of a
 * convolution's kernel are averaged over its positions.
 *
 * State: `count` and `probes`, `mean` and `square`, trees like the parameters, from 0.
 * Source: Yao et al. 2021, algorithm 1.
 *
 * @throws RangeError on a value outside its interval; TypeError where the objective has no Hessian
 * @example chain(scaleByCurvatureSquare(), learningRate(0.15))
 */
export function scaleByCurvatureSquare(options: CurvatureSquareOptions = {}): Transform {
  const values = chosen('scaleByCurvatureSquare', curvatureSquareOptions, options);
  const { beta1, beta2, epsilon, power: k, every, probe } = values;
  return {
    name: 'scaleByCurvatureSquare',
    options: { ...values },
    needs: ['hessian'],
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      count: 0,
      probes: 0,
      mean: zerosLike(algebra, parameters),
      square: zerosLike(algebra, parameters),
    }),
    update<T>(
      context: Context<T>,
      state: { count: number; probes: number; mean: Tree<T>; square: Tree<T> },
    ): Step<T> {
      const { algebra, update, parameters, random } = context;
      const count = state.count + 1;
      let { probes, square } = state;
      if (state.count % every === 0) {
        const hessian = curvatureOf('scaleByCurvatureSquare', 'hessian', context);
        const probed =
          probe === 'rowSums'
            ? rowSums(hessian, parameters)
            : hutchinsonDiagonal(hessian, parameters, random);
        square = mapTree(
          algebra,
          (v, d) => algebra.combine(beta2, v, 1 - beta2, algebra.square(overPositions(algebra, d))),
          square,
          probed,
        );
        probes++;
      }
      const mean = mapTree(algebra, (m, u) => algebra.combine(beta1, m, 1 - beta1, u), state.mean, update);
      const [correction1, correction2] = [1 - beta1 ** count, 1 - beta2 ** probes];
      const direction = (m: T, v: T) => {
        const scale = power(algebra, algebra.div(v, correction2), k / 2);
        return algebra.div(algebra.div(m, correction1), algebra.add(scale, epsilon));
      };
      return {
        update: mapTree(algebra, direction, mean, square),
        state: { count, probes, mean, square },
      };
    },
  };
}

/** |d|, averaged over the first two axes of a kernel [height, width, in, out]. */
function overPositions<T>(algebra: Algebra<T>, d: T): T {
  const shape = algebra.shape(d);
  const size = algebra.abs(d);
  if (shape.length !== 4) return size;
  const [height, width, inputs, outputs] = shape;
  const positions = height * width;
  const flat = algebra.reshape(size, [positions, inputs * outputs]);
  const mean = algebra.matmul(algebra.fill([1, positions], 1 / positions), flat);
  return algebra.reshape(algebra.matmul(algebra.fill([positions, 1], 1), mean), shape);
}
