import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { leaves, mapTree, type State, type Tree, treeDot, zerosLike } from '../algebra/tree.js';
import type { Context, MeasureDescription, Step, Transform } from './transform.js';

export interface LayersOptions {
  /** Steps from one look to the next. */
  every?: number;
  /** β, the memory of the gradient's mean and size, in [0, 1). */
  beta?: number;
}

export const layersOptions: OptionsOf<LayersOptions> = {
  every: whole(100, '[1, ∞)', 'steps from one look to the next'),
  beta: number(0.9, '[0, 1)', "β, the memory of the gradient's mean and size"),
};

const measures: readonly MeasureDescription[] = [
  {
    name: 'cosine',
    kind: 'number',
    meaning: 'cos of the angle between update and −gradient: 1 where the method goes straight down',
  },
  {
    name: 'updateToWeight',
    kind: 'list',
    entries: 'parameters',
    meaning: '‖Δx‖/‖x‖ of each parameter: about 10⁻³ is usual, ∞ where x is 0',
  },
  {
    name: 'signalToNoise',
    kind: 'list',
    entries: 'parameters',
    meaning: '‖E g‖²/E‖g − E g‖² of each parameter over the last batches: below 1 noise rules',
  },
];

interface LayersState<T> {
  readonly count: number;
  /** The running mean of g, and of gᵀg by parameter. */
  readonly mean: Tree<T>;
  readonly square: Tree<T>;
}

/**
 * Looks now and then at each parameter, and passes the update on: after all others it sees the update that is added.
 *
 * The signal is told from the noise by running means m of g and s of gᵀg with weights wᵢ ∝ βᵗ⁻ⁱ, Σwᵢ = 1: with
 * c = Σwᵢ², E‖m‖² = ‖E g‖² + cσ² and E s = ‖E g‖² + σ², so that ‖E g‖²/σ² ≈ max(0, ‖m‖² − cs)/(s − ‖m‖²). It is told
 * from the second step on.
 * State: `count`; `mean`, a tree like the parameters, and `square`, a number a parameter.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(momentum(0.9), learningRate(0.1), measureLayers({ every: 50 }))
 */
export function measureLayers(options: LayersOptions = {}): Transform {
  const { every, beta } = chosen('measureLayers', layersOptions, options);
  return {
    name: 'measureLayers',
    options: { every, beta },
    measures,
    init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> {
      const square = mapTree<T>(algebra, () => algebra.fill([], 0), parameters);
      return { count: 0, mean: zerosLike(algebra, parameters), square } as unknown as State<T>;
    },
    update<T>(context: Context<T>, state: State<T>): Step<T> {
      const given = state as unknown as LayersState<T>;
      const { algebra, update, gradient, parameters } = context;
      const mean = mapTree(algebra, (m, g) => algebra.combine(beta, m, 1 - beta, g), given.mean, gradient);
      const square = mapTree(
        algebra,
        (s, g) => algebra.combine(beta, s, 1 - beta, algebra.dot(g, g)),
        given.square,
        gradient,
      );
      const count = given.count + 1;
      const step = { update, state: { count, mean, square } as unknown as State<T> };
      if (given.count % every !== 0) return step;
      const ratios = mapTree(
        algebra,
        (u, x) => algebra.sqrt(algebra.div(algebra.dot(u, u), algebra.dot(x, x))),
        update,
        parameters,
      );
      return {
        ...step,
        measures: {
          cosine: cosine(context),
          updateToWeight: leaves(algebra, ratios),
          ...(count > 1 && { signalToNoise: signalToNoise(algebra, mean, square, beta, count) }),
        },
      };
    },
  };
}

function cosine<T>({ algebra, update, gradient }: Context<T>): T {
  const lengths = algebra.mul(treeDot(algebra, update, update), treeDot(algebra, gradient, gradient));
  return algebra.neg(algebra.div(treeDot(algebra, update, gradient), algebra.sqrt(lengths)));
}

function signalToNoise<T>(
  algebra: Algebra<T>,
  mean: Tree<T>,
  square: Tree<T>,
  beta: number,
  count: number,
): T[] {
  // Without the zeros that the means began at: both divided by 1 − βᵗ.
  const whole = 1 - beta ** count;
  const c = ((1 - beta) * (1 + beta ** count)) / ((1 + beta) * whole);
  const ratios = mapTree(
    algebra,
    (m, s) => {
      const signal = algebra.mul(algebra.dot(m, m), 1 / whole ** 2);
      const all = algebra.mul(s, 1 / whole);
      const above = algebra.max(algebra.sub(signal, algebra.mul(all, c)), 0);
      return algebra.div(above, algebra.sub(all, signal));
    },
    mean,
    square,
  );
  return leaves(algebra, ratios);
}
