import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { replaced } from '../algebra/part.js';
import { entries, type State, type Tree } from '../algebra/tree.js';
import { partLayers, rejoined, withParts } from '../curvature/attention-parts.js';
import { solveChain } from '../curvature/kronecker-chain.js';
import {
  diagonalInBasis,
  errorFactor,
  inputFactor,
  inputsWithBias,
  type KroneckerFactors,
  type LayerRows,
  layerRows,
  type Sharing,
} from '../curvature/kronecker-factors.js';
import { applyKronecker } from '../curvature/kronecker-inverse.js';
import { joinedBlock, leavesByPath, partBlock } from '../curvature/layer-block.js';
import type { LabelSource } from '../objective/layer.js';
import type { MeasureDescription } from '../objective/measure.js';
import { withInverses } from './kronecker-refresh.js';
import type { Block, CurvatureState, KroneckerForm } from './kronecker-state.js';
import { inversesAdopted, inversesAsked, kroneckerInverses } from './kronecker-work.js';
import { type Route, routing } from './layer-routing.js';
import type { Preconditioner, Ready } from './preconditioner.js';
import { everything, nothing, type Selection, selection, selector } from './selection.js';
import type { Context } from './transform.js';

export interface KroneckerCurvatureOptions {
  /** How a block is inverted. */
  form?: KroneckerForm;
  /** What the rows of one example are taken for where a weight is shared. */
  sharing?: Sharing;
  /** Whose labels the factors are taken under. */
  labels?: LabelSource;
  /** The memory of the factors: w ← memory·w + 1, F ← F + (F̂ − F)/w. */
  memory?: number;
  /** The factors learn every so many steps, and at each of the first ten. */
  statisticsEvery?: number;
  /** They are inverted every so many steps, and at each of the first ten. */
  inversesEvery?: number;
  /** What is asked for at a step is used so many steps after; a pipeline may have it done in a thread meanwhile. */
  delay?: number;
  /** Layers whose factors have a longer side get a diagonal block. */
  longestSide?: number;
  /** The kernels that get Kronecker blocks. */
  blocks?: Selection;
  /** The kernels [in, 3·n] of queries, keys and values, which get a block each; `mergedAttention` goes by their names. */
  merged?: Selection;
}

export const kroneckerCurvatureOptions: OptionsOf<KroneckerCurvatureOptions> = {
  form: choice('factored', ['factored', 'exact', 'corrected', 'tridiagonal'], 'how blocks are inverted'),
  sharing: choice(
    'expand',
    ['expand', 'reduce'],
    'what the rows of one example are, where a weight is shared',
  ),
  labels: choice('signs', ['signs', 'sampled', 'given'], 'whose labels the factors are taken under'),
  memory: number(0.95, '[0, 1]', 'the memory of the factors; 1 is the mean of all'),
  statisticsEvery: whole(1, '[1, ∞)', 'steps from one update of the factors to the next, after ten'),
  inversesEvery: whole(5, '[1, ∞)', 'steps from one inversion of the factors to the next'),
  delay: whole(0, '[0, ∞)', 'steps from asking for inverses to their use'),
  longestSide: whole(8192, '[1, ∞)', 'the longest side of a factor; a wider layer gets a diagonal block'),
  blocks: selection('the kernels that get Kronecker blocks, the others diagonal ones'),
  merged: selection('the kernels that hold q, k and v side by side and get three blocks', nothing),
};

/** The factors change most at the start: until then they learn, and are inverted, at each step. */
const freshSteps = 10;

const measures: readonly MeasureDescription[] = [
  {
    name: 'pi',
    kind: 'list',
    entries: 'layers',
    meaning: 'π of each layer: how much of the damping its input factor takes',
  },
  {
    name: 'conditioning',
    kind: 'list',
    entries: 'layers',
    meaning:
      'of each layer: the mean of its damped eigenvalues over their harmonic mean, 1 for a multiple of I',
  },
];

/**
 * The Fisher matrix as a Kronecker product A ⊗ G for each layer, from running means over the batches; for parameters
 * that {@link routing} gives no block, the running mean of T·g², T the terms of the mean loss and g its gradient.
 *
 * State: `count`, `weight`, for each layer `a`, `g` and its `inverse`, and `squares`; it has its full size after the
 * first step.
 * Source: Martens and Grosse 2015, section 4.3 for 'tridiagonal'; George et al. 2018 ('corrected'); Eschenhagen et al. 2023 (`sharing`).
 *
 * @throws RangeError or TypeError on an option that is not allowed
 * @example precondition(kroneckerCurvature({ form: 'exact' }), { damping: 1e-2 })
 */
export function kroneckerCurvature(options: KroneckerCurvatureOptions = {}): Preconditioner {
  const all = chosen('kroneckerCurvature', kroneckerCurvatureOptions, options);
  const { form, sharing, labels, memory, statisticsEvery, inversesEvery, delay, longestSide } = all;
  const selects = selector('kroneckerCurvature', 'blocks', all.blocks);
  const isMerged = selector('kroneckerCurvature', 'merged', all.merged);
  const { blocks: _, merged: __, ...plain } = all;
  /** This batch's layers, with those of merged kernels as three, the kernels and biases that they were, and the routes. */
  function seenBy<T>({ algebra, parameters, objective, random }: Context<T>) {
    if (objective?.layers === undefined) {
      throw new TypeError(
        'kroneckerCurvature(objective): expected one that tells its layers, got one without: a function has none',
      );
    }
    const seen = objective.layers(parameters, labels, random);
    const whole = leavesByPath(algebra, parameters);
    const merged = (path: string) => divisible(path, algebra.shape(whole.get(path)!), isMerged);
    const passed = { ...seen, layers: partLayers(algebra, seen.layers, merged) };
    const apart = seen.layers.flatMap(({ kernel, bias }) =>
      merged(kernel) ? [kernel, ...(bias === undefined ? [] : [bias])] : [],
    );
    const shapes = withParts(algebra, whole, new Set(apart));
    const rules = {
      selects: (path: string) => selects(path, algebra.shape(shapes.get(path)!)),
      longestSide,
    };
    const routes = routing(passed, (x) => algebra.shape(x), rules);
    return { passed, apart, routes };
  }

  /** Whether the factors are to be inverted now; another damping does not concern a basis. */
  const due = <T>({ count, blocks }: CurvatureState<T>, force: boolean) =>
    (count - 1) % inversesEvery === 0 ||
    count <= freshSteps ||
    Object.values(blocks).some(({ inverse }) => inverse === null) || // the steps began after a burn-in
    (force && (form === 'factored' || form === 'tridiagonal'));
  return {
    name: 'kroneckerCurvature',
    options: {
      ...plain,
      ...(all.blocks !== everything && { blocks: String(all.blocks) }),
      ...(all.merged !== nothing && { merged: String(all.merged) }),
    },
    needs: ['layers'],
    measures,
    init: <T>(): State<T> => ({ count: 0, weight: 0, blocks: {}, squares: {}, apart: [] }),

    routes<T>(context: Context<T>): readonly Route[] {
      return context.algebra.scope(() => seenBy(context).routes);
    },

    observe<T>(context: Context<T>, given: State<T>): State<T> {
      const { algebra, gradient } = context;
      const state = given as unknown as CurvatureState<T>;
      const count = state.count + 1;
      if (state.count >= freshSteps && state.count % statisticsEvery !== 0)
        return { ...state, count } as unknown as State<T>;
      const weight = memory * state.weight + 1;
      const learnt = (old: T | undefined, now: T) =>
        old === undefined ? now : algebra.combine(1 - 1 / weight, old, 1 / weight, now);
      return algebra.scope((): State<T> => {
        const { passed, apart, routes } = seenBy(context);
        const matrices = new Set(routes.filter((route) => route.sides !== undefined).map(({ path }) => path));
        const blocks: { [kernel: string]: Block<T> } = {};
        const chosenLayers = passed.layers.filter(({ kernel }) => matrices.has(kernel));
        const allRows = chosenLayers.map((layer) => layerRows(algebra, layer, sharing));
        const inputFactorOf = onceAnInput(algebra);
        for (const [i, layer] of chosenLayers.entries()) {
          const before = state.blocks[layer.kernel];
          const rows = allRows[i];
          const a = inputFactorOf(rows);
          const g = errorFactor(algebra, rows, passed.terms);
          const cross =
            form === 'tridiagonal' ? crossFactors(algebra, rows, allRows[i + 1], passed.terms) : null;
          const inverse = before?.inverse ?? null;
          blocks[layer.kernel] = {
            bias: layer.bias ?? null,
            a: learnt(before?.a, a),
            g: learnt(before?.g, g),
            next: cross && {
              a: learnt(before?.next?.a, cross.a),
              g: learnt(before?.next?.g, cross.g),
            },
            psi: before?.psi ?? null,
            inverse:
              form === 'corrected' && inverse !== null
                ? {
                    ...inverse,
                    eigenvalues: learnt(
                      inverse.eigenvalues,
                      diagonalInBasis(algebra, rows, passed.terms, inverse.left, inverse.right),
                    ),
                  }
                : inverse,
          };
        }
        const squares: { [path: string]: T } = {};
        const gradients = withParts(algebra, leavesByPath(algebra, gradient), new Set(apart));
        for (const { path, block } of routes) {
          if (block !== 'diagonal') continue;
          const square = algebra.mul(algebra.square(gradients.get(path)!), passed.terms);
          squares[path] = learnt(state.squares[path], square);
        }
        return { count, weight, blocks, squares, apart } as unknown as State<T>;
      });
    },

    refresh<T>(context: Context<T>, given: State<T>, damping: number, force: boolean): Ready<T> {
      const state = given as unknown as CurvatureState<T>;
      return due(state, force) ? withInverses(context.algebra, state, form, damping) : { state: given };
    },

    ...(delay > 0 && {
      beside: {
        work: kroneckerInverses,
        delay,
        ready: <T>(given: State<T>) =>
          Object.values((given as unknown as CurvatureState<T>).blocks).every(
            ({ inverse }) => inverse !== null,
          ),
        request<T>(given: State<T>, damping: number, force: boolean) {
          const state = given as unknown as CurvatureState<T>;
          return due(state, force) ? inversesAsked(state, form, damping) : undefined;
        },
        adopt: <T>(algebra: Algebra<T>, state: State<T>, answer: State<T>) =>
          inversesAdopted(algebra, state as unknown as CurvatureState<T>, form, answer),
      },
    }),

    nearest<T>({ algebra, update }: Context<T>, given: State<T>): ReadonlySet<string> {
      const { blocks } = given as unknown as CurvatureState<T>;
      // In the parameters' order: a state that was saved may come back in another.
      const kernel = entries(algebra, update).findLast(([path]) => Object.hasOwn(blocks, path))?.[0];
      if (kernel === undefined) return new Set();
      const { bias } = blocks[kernel];
      return new Set(bias === null ? [kernel] : [kernel, bias]);
    },

    solve<T>({ algebra, update }: Context<T>, given: State<T>, damping: number): Tree<T> {
      const state = given as unknown as CurvatureState<T>;
      return algebra.scope(() => {
        const apart = new Set(state.apart);
        const leaves = withParts(algebra, leavesByPath(algebra, update), apart);
        const found: { [path: string]: T } = {};
        for (const [path, square] of Object.entries(state.squares)) {
          found[path] = algebra.div(leaves.get(path)!, algebra.add(square, damping));
        }
        const blocks = Object.entries(state.blocks).map(([kernel, { bias, ...block }]) => ({
          kernel,
          ...(bias !== null && { bias }),
          ...block,
        }));
        const layers = blocks.map((block) => joinedBlock(algebra, leaves, block, algebra.shape(block.g)[0]));
        const solved =
          form === 'tridiagonal'
            ? solveChain(
                algebra,
                blocks.map(({ inverse, psi }) => ({ inverse: inverse!, ...(psi && { psi }) })),
                layers,
              )
            : layers.map((v, i) => applyKronecker(algebra, blocks[i].inverse!, v, damping));
        for (const [i, x] of solved.entries()) partBlock(algebra, x, blocks[i], leaves, found);
        return replaced(algebra, update, rejoined(algebra, found, apart));
      });
    },
  };
}

/** @throws TypeError for a kernel that is selected and has no three equal parts */
function divisible(
  path: string,
  shape: readonly number[],
  selects: (path: string, shape: readonly number[]) => boolean,
): boolean {
  if (!selects(path, shape)) return false;
  if (shape[shape.length - 1] % 3 === 0) return true;
  throw new TypeError(
    `kroneckerCurvature(merged): expected kernels [in, 3·n], got ${path} of shape [${shape.join(', ')}]`,
  );
}

/** Input factors, computed once where layers have the same inputs, as queries, keys and values do. */
function onceAnInput<T>(algebra: Algebra<T>): (rows: LayerRows<T>) => T {
  const known = { plain: new Map<T, T>(), biased: new Map<T, T>() };
  return (rows) => {
    const those = rows.biased ? known.biased : known.plain;
    const before = those.get(rows.inputs);
    if (before !== undefined) return algebra.copy(before); // each block has arrays of its own
    const made = inputFactor(algebra, rows);
    those.set(rows.inputs, made);
    return made;
  };
}

/** E[āᵀā⁺] and E[ēᵀē⁺] with the layer after, where its rows are the same examples' and positions'. */
function crossFactors<T>(
  algebra: Algebra<T>,
  rows: LayerRows<T>,
  after: LayerRows<T> | undefined,
  terms: number,
): KroneckerFactors<T> | null {
  const [count] = algebra.shape(rows.inputs);
  if (after === undefined || algebra.shape(after.inputs)[0] !== count) return null;
  return {
    a: algebra.div(
      algebra.matmul(inputsWithBias(algebra, rows), inputsWithBias(algebra, after), true),
      count,
    ),
    g: algebra.mul(algebra.matmul(rows.errors, after.errors, true), terms),
  };
}
