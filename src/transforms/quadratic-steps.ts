import type { Algebra } from '../algebra/algebra.js';
import { chosen, flag, number, type OptionsOf, whole } from '../algebra/option.js';
import { replaced } from '../algebra/part.js';
import { entries, mapTree, type State, type Tree, treeDot, zerosLike } from '../algebra/tree.js';
import { leavesByPath } from '../curvature/layer-block.js';
import type { Linearization } from '../objective/linearization.js';
import type { MeasureDescription } from '../objective/measure.js';
import { eagerDampingFactor, reductionRatio, worstRatio } from './damping-factor.js';
import type { Preconditioner, Ready } from './preconditioner.js';
import type { Context, Step, Transform } from './transform.js';

export interface QuadraticStepsOptions {
  /** λ at the start. */
  damping?: number;
  /** Whether λ is raised at the first step until its batch bears it. */
  calibrate?: boolean;
  /** λ never falls below. */
  leastDamping?: number;
  /** What a step without complaint leaves of λ. */
  decay?: number;
  /** Every so many steps the loss is evaluated where the step leads, and λ adapted. */
  adaptEvery?: number;
  /** Whether the last step is a direction too. */
  momentum?: boolean;
}

export const quadraticStepsOptions: OptionsOf<QuadraticStepsOptions> = {
  damping: number(0.1, '(0, ∞)', 'λ at the start'),
  calibrate: flag(true, 'whether λ is raised at the first step until its batch bears it'),
  leastDamping: number(0.01, '(0, ∞)', 'λ never falls below'),
  decay: number(0.9, '(0, 1)', 'what a step without complaint leaves of λ'),
  adaptEvery: whole(1, '[1, ∞)', 'steps from one look at the reduction ratio to the next'),
  momentum: flag(true, 'whether the last step is a direction too'),
};

interface QuadraticState<T> {
  readonly curvature: State<T>;
  readonly count: number;
  readonly damping: number;
  /** Whether λ has changed by more than a decay since the last inversion. */
  readonly stale: boolean;
  readonly rejected: number;
  /** Σ mᵏ⁻ⁱgᵀδᵢ and Σ mᵏ⁻ⁱδᵢᵀGδᵢ over the steps so far, g and G of the batch after each, where it led. */
  readonly slope: number;
  readonly bend: number;
  /** The last step taken. */
  readonly velocity: Tree<T>;
}

const measures: readonly MeasureDescription[] = [
  { name: 'lambda', kind: 'number', meaning: 'λ, the damping' },
  { name: 'rho', kind: 'number', meaning: 'ρ, the reduction of the loss over the one predicted' },
  { name: 'predictedDecrease', kind: 'number', meaning: "by how much the model says the batch's loss falls" },
  {
    name: 'actualDecrease',
    kind: 'number',
    meaning: "by how much the batch's loss fell over the step tried",
  },
  {
    name: 'tau',
    kind: 'number',
    meaning: 'τ, the multiple of the last steps that would have been best on the batches after them',
  },
  { name: 'rate', kind: 'number', meaning: 'α, the rate of this step' },
  { name: 'outputRate', kind: 'number', meaning: 'β, that of the layer nearest to the outputs' },
  { name: 'momentum', kind: 'number', meaning: 'μ, the share of the last step in this one' },
  { name: 'rejected', kind: 'number', meaning: 'steps rejected so far' },
];

const mostTrials = 12;

/** τ below which a rate of its own for one layer would fit but the batch. */
const leastApart = 0.5;

/** m, the memory of τ. */
const memory = 0.8;

/**
 * Steps δ = αΔ + μδ₀ along a preconditioned direction Δ = −(C̃ + λI)⁻¹g and the last step δ₀ that minimize the exact
 * quadratic model gᵀδ + ½δᵀ(G + λI)δ, G the Gauss–Newton matrix of the batch; λ follows how well the model foretold the
 * loss.
 *
 * ρ is the loss's change on the same batch over gᵀδ + ½δᵀGδ. A step that raises that loss, or leads to where it is not
 * finite, is halved until it does not; after four halvings it is not taken. With ω = decay^adaptEvery, λ grows by ω⁻¹
 * where ρ < ¼ and by ω⁻⁴ where ρ < −1, falls by ω where ρ > ¾ and by ω² where ρ > 0.95.
 *
 * That the model is right does not say that the batch is: a step may fit what is of this batch alone, the more so the
 * smaller λ. So the next batch is asked about the last step: τ = 1 − gᵀδ₀/δ₀ᵀGδ₀, with its own g and G and both as
 * running sums, is the multiple of the last steps that it would have had. λ does not fall where τ < 0.9, and grows by
 * ω⁻¹ where τ < ½, with which they gained nothing. It costs nothing: both products are those of the momentum.
 *
 * A block-diagonal curvature knows nothing of how layers bend the loss together, so that Δ is too long, by ten times in
 * an autoencoder; least so in the layer nearest to the outputs, whose block is that of a linear model. That layer has a
 * rate β of its own, found with the others by the same model at the price of one product more, once a batch has been
 * asked about a step and while τ ≥ ½; not where the batch has fewer terms than half that layer's inputs, which its
 * weights alone could fit.
 *
 * The update is ready to be added: no learning rate follows. It needs two Jacobian products a step and reads their inner
 * products.
 *
 * State: `damping`, `velocity`, `rejected`, `slope` and `bend` of τ, and the curvature's own.
 * Source: Martens and Grosse 2015, sections 6.4, 6.5 and 7; the refusal, τ and β are ours.
 *
 * @throws RangeError or TypeError on an option that is not allowed
 * @example quadraticSteps(kroneckerCurvature(), { damping: 0.1 })
 */
export function quadraticSteps(curvature: Preconditioner, options: QuadraticStepsOptions = {}): Transform {
  const all = chosen('quadraticSteps', quadraticStepsOptions, options);
  const { calibrate, leastDamping, adaptEvery } = all;
  const factor = all.decay ** adaptEvery;
  return {
    name: 'quadraticSteps',
    options: { ...all, curvature: { name: curvature.name, options: curvature.options } },
    measures: [...measures, ...curvature.measures],
    needs: [...new Set([...curvature.needs, 'linearized' as const])],
    init: (parameters, algebra) => ({
      curvature: curvature.init(parameters, algebra),
      count: 0,
      damping: all.damping,
      stale: false,
      rejected: 0,
      slope: 0,
      bend: 0,
      velocity: zerosLike(algebra, parameters),
    }),
    update<T>(context: Context<T>, given: State<T>): Step<T> {
      const { algebra, objective, parameters } = context;
      const state = given as unknown as QuadraticState<T>;
      const first = state.count === 0;
      const model = objective!.linearized!(parameters);
      const observed = curvature.observe(withLayersOf(model, context), state.curvature);
      const damping =
        first && calibrate ? calibrated(context, model, curvature, observed, state) : state.damping;
      const ready = curvature.refresh(context, observed, damping + ridgeOf(model), state.stale);
      if (ready.outcome !== undefined)
        return { update: context.update, state: given, outcome: ready.outcome };
      const last = first ? undefined : state.velocity;
      const attempt = tried(context, model, curvature, ready, damping, last, all.momentum, state);
      const { slope, bend, multiple } = attempt.asked;
      const checked = state.count % adaptEvery === 0;
      const change = checked ? changeOver(context, attempt.step) : 0;
      const ratio = checked ? reductionRatio(change, attempt.predicted) : 1;
      const update = ratio >= 0 ? attempt.step : halved(context, attempt.step);
      const grown = checked ? damping * eagerDampingFactor(ratio, factor, multiple) : damping;
      const next: QuadraticState<T> = {
        curvature: ready.state,
        count: state.count + 1,
        damping: Math.max(grown, leastDamping),
        stale: grown > damping,
        rejected: state.rejected + (update === undefined ? 1 : 0),
        slope,
        bend,
        velocity: update ?? zerosLike(algebra, context.update),
      };
      return {
        update: next.velocity,
        state: next as unknown as State<T>,
        measures: {
          lambda: damping,
          tau: multiple,
          rate: attempt.rate,
          ...(attempt.outputRate !== undefined && { outputRate: attempt.outputRate }),
          momentum: attempt.momentum,
          rejected: next.rejected,
          ...(checked && {
            rho: ratio,
            predictedDecrease: -attempt.predicted,
            actualDecrease: -change,
          }),
          ...ready.measures,
        },
      };
    },
  };
}

/** The context with the layers told by the model's pass, where it can, which spares another. */
function withLayersOf<T>(model: Linearization<T>, context: Context<T>): Context<T> {
  if (model.layers === undefined || context.objective === undefined) return context;
  const { layers } = model;
  return {
    ...context,
    objective: { ...context.objective, layers: (_, labels, random) => layers(labels, random) },
  };
}

interface Attempt<T> {
  readonly step: Tree<T>;
  readonly rate: number;
  /** Of the layer nearest to the outputs, where it has one of its own. */
  readonly outputRate?: number;
  readonly momentum: number;
  /** gᵀδ + ½δᵀGδ: the change of the loss that the undamped model foretells. */
  readonly predicted: number;
  /** τ and its sums, with this batch's part. */
  readonly asked: Asked & { readonly multiple: number };
}

/** The sums that τ is made of. */
interface Asked {
  readonly slope: number;
  readonly bend: number;
}

/** τ with gᵀδ₀ and δ₀ᵀGδ₀ of this batch. */
function askedAfter(before: Asked, last: readonly [slope: number, bend: number] = [0, 0]) {
  const slope = memory * before.slope + last[0];
  const bend = memory * before.bend + last[1];
  return { slope, bend, multiple: bend === 0 ? 1 : 1 - slope / bend };
}

/** c of the ridge ½c‖x‖² that the loss has beside the outputs' part. */
const ridgeOf = ({ ridge = 0 }: Linearization<unknown>) => ridge;

/** What of a tree a direction has: all of it, or the leaves at these paths alone. */
interface Direction<T> {
  readonly v: Tree<T>;
  readonly paths?: ReadonlySet<string>;
}

/**
 * The minimizer of the quadratic model over the direction, that of the layer nearest to the outputs apart, and, with
 * momentum, the last step.
 */
function tried<T>(
  context: Context<T>,
  model: Linearization<T>,
  curvature: Preconditioner,
  { state }: Ready<T>,
  damping: number,
  last: Tree<T> | undefined,
  withMomentum: boolean,
  before: Asked = { slope: 0, bend: 0 },
): Attempt<T> {
  const { algebra, update: u } = context;
  const ridge = ridgeOf(model);
  return algebra.scope(() => {
    const solved = curvature.solve(context, state, damping + ridge);
    const direction = mapTree(algebra, (x) => algebra.neg(x), solved);
    const parts = divided(algebra, direction, 2 * model.loss.terms, curvature.nearest?.(context, state));
    const directions: Direction<T>[] = last === undefined ? parts : [...parts, { v: last }];
    const pushed = directions.map(({ v, paths }) => model.push(v, paths));
    const bent = pushed.map((jv) => model.loss.curvatureProduct(jv));
    // All inner products come to the host in one read: first those with g, then G's and I's, row by row.
    const count = directions.length;
    const pairs = directions.flatMap((_, i) => directions.slice(i).map((_, j) => [i, i + j] as const));
    const products = [
      ...directions.map((d) => dotOver(algebra, { v: u }, d)),
      ...pairs.map(([i, j]) => algebra.dot(pushed[i], bent[j])),
      ...pairs.map(([i, j]) => dotOver(algebra, directions[i], directions[j])),
    ];
    const numbers = algebra.values(
      algebra.concat(
        products.map((x) => algebra.reshape(x, [1])),
        0,
      ),
    );
    const slopes = numbers.subarray(0, count);
    const packed = (damping: number) =>
      symmetric(
        pairs.map((_, k) => numbers[count + k] + (ridge + damping) * numbers[count + pairs.length + k]),
        count,
      );
    const bends = packed(0);
    const asked = askedAfter(
      before,
      last === undefined ? undefined : [slopes[count - 1], bends[count - 1][count - 1]],
    );
    const free = withMomentum ? count : parts.length;
    const tied = parts.length > 1 && !(asked.bend > 0 && asked.multiple >= leastApart);
    const weights = (tied ? minimizerTied : minimizer)(slopes, packed(damping), free);
    const foretold = bends.reduce(
      (sum, row, i) => sum + weights[i] * row.reduce((all, q, j) => all + q * weights[j], 0),
      0,
    );
    const [rate, outputRate] = weights;
    const momentum = last === undefined ? 0 : weights[count - 1];
    return {
      step: combined(algebra, direction, parts, weights, momentum === 0 ? undefined : last),
      rate,
      ...(parts.length > 1 && { outputRate }),
      momentum,
      predicted: slopes.reduce((sum, slope, i) => sum + weights[i] * slope, 0) + foretold / 2,
      asked,
    };
  });
}

/** The direction as one, or as what is not at the paths and what is, if those are weights of so few inputs. */
function divided<T>(
  algebra: Algebra<T>,
  direction: Tree<T>,
  mostInputs: number,
  nearest: ReadonlySet<string> = new Set(),
): Direction<T>[] {
  const all = entries(algebra, direction);
  const others = new Set(all.flatMap(([path]) => (nearest.has(path) ? [] : [path])));
  const inputs = all.reduce((sum, [path, leaf]) => sum + (nearest.has(path) ? rowsOf(algebra, leaf) : 0), 0);
  if (others.size === 0 || inputs === 0 || inputs > mostInputs) return [{ v: direction }];
  return [
    { v: direction, paths: others },
    { v: direction, paths: nearest },
  ];
}

/** The inputs of a kernel, all axes but the last, or the one of a bias. */
function rowsOf<T>(algebra: Algebra<T>, leaf: T): number {
  return algebra
    .shape(leaf)
    .slice(0, -1)
    .reduce((product, length) => product * length, 1);
}

/** The inner product over the leaves that both have. */
function dotOver<T>(algebra: Algebra<T>, a: Direction<T>, b: Direction<T>): T {
  const shared = [a.paths, b.paths].filter((paths) => paths !== undefined);
  if (shared.length === 0) return treeDot(algebra, a.v, b.v);
  const others = leavesByPath(algebra, b.v);
  const products = entries(algebra, a.v)
    .filter(([path]) => shared.every((paths) => paths.has(path)))
    .map(([path, leaf]) => algebra.dot(leaf, others.get(path)!));
  return products.reduce((sum, product) => algebra.add(sum, product), algebra.fill([], 0));
}

/** Σ wᵢdᵢ over the parts of a direction, and the last weight times the last step. */
function combined<T>(
  algebra: Algebra<T>,
  direction: Tree<T>,
  parts: readonly Direction<T>[],
  weights: Float64Array,
  last: Tree<T> | undefined,
): Tree<T> {
  const before = last && leavesByPath(algebra, last);
  const found: { [path: string]: T } = {};
  for (const [path, leaf] of entries(algebra, direction)) {
    const weight = weights[parts.findIndex(({ paths }) => paths === undefined || paths.has(path))];
    found[path] =
      before === undefined
        ? algebra.mul(leaf, weight)
        : algebra.combine(weight, leaf, weights[weights.length - 1], before.get(path)!);
  }
  return replaced(algebra, direction, found);
}

/** A symmetric matrix from its upper triangle, row by row. */
function symmetric(upper: readonly number[], n: number): number[][] {
  const rows = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      rows[i][j] = upper[at];
      rows[j][i] = upper[at++];
    }
  }
  return rows;
}

/** What of a direction's curvature must be left beside those before it, if it is to have a weight. */
const leastPivot = 1e-6;

/**
 * The w that minimizes bᵀw + ½wᵀQw over the first `free` entries, the others 0, by elimination; 0 also where a
 * direction depends on those before it to rounding, or has no curvature.
 */
function minimizer(b: Float64Array, q: readonly (readonly number[])[], free: number): Float64Array {
  const rows = q.map((row, i) => [...row, -b[i]]);
  const n = b.length;
  const used: number[] = [];
  for (let i = 0; i < free; i++) {
    if (rows[i][i] <= (used.length === 0 ? 0 : leastPivot * q[i][i])) continue;
    used.push(i);
    for (let k = i + 1; k < free; k++) {
      const times = rows[k][i] / rows[i][i];
      for (let j = i; j <= n; j++) rows[k][j] -= times * rows[i][j];
    }
  }
  const w = new Float64Array(n);
  for (const i of used.reverse()) {
    w[i] = (rows[i][n] - used.reduce((sum, j) => (j > i ? sum + rows[i][j] * w[j] : sum), 0)) / rows[i][i];
  }
  return w;
}

/** The same with one weight for the first two. */
function minimizerTied(b: Float64Array, q: readonly (readonly number[])[], free: number): Float64Array {
  const [, , ...rest] = b;
  const rows = [q[0].map((x, j) => x + q[1][j]), ...q.slice(2)].map(([x, y, ...others]) => [
    x + y,
    ...others,
  ]);
  const w = minimizer(Float64Array.of(b[0] + b[1], ...rest), rows, free - 1);
  return Float64Array.of(w[0], ...w);
}

/** The change of the batch's loss over a step. */
function changeOver<T>({ algebra, parameters, objective, loss }: Context<T>, step: Tree<T>): number {
  const there = algebra.scope(() => {
    const to = mapTree(algebra, (x, d) => algebra.add(x, d), parameters, step);
    return algebra.number(objective!.value(to));
  });
  return there - algebra.number(loss);
}

/** ρ of a step, on the batch it was made from. */
function measured<T>(context: Context<T>, { step, predicted }: Attempt<T>): number {
  return reductionRatio(changeOver(context, step), predicted);
}

const mostHalvings = 4;

/** The first half, quarter, … of a step that does not raise the batch's loss. */
function halved<T>(context: Context<T>, step: Tree<T>): Tree<T> | undefined {
  const { algebra } = context;
  return algebra.scope((): { found?: Tree<T> } => {
    let part = step;
    for (let halving = 0; halving < mostHalvings; halving++) {
      part = mapTree(algebra, (d) => algebra.mul(d, 0.5), part);
      if (changeOver(context, part) <= 0) return { found: part };
    }
    return {};
  }).found;
}

/** The λ with which the first step would be taken: the one given, or that times the least power of 4. */
function calibrated<T>(
  context: Context<T>,
  model: Linearization<T>,
  curvature: Preconditioner,
  observed: State<T>,
  { damping: start }: QuadraticState<T>,
): number {
  const ratioAt = (damping: number) =>
    context.algebra.scope(() => {
      const ready = curvature.refresh(context, observed, damping + ridgeOf(model), true);
      if (ready.outcome !== undefined) return Number.NaN;
      return measured(context, tried(context, model, curvature, ready, damping, undefined, false));
    });
  let damping = start;
  for (let trial = 0; trial < mostTrials && !(ratioAt(damping) >= worstRatio); trial++) damping *= 4;
  return damping;
}
