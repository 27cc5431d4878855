import type { Algebra } from '../algebra/algebra.js';
import { chosen, flag, number, type OptionsOf, whole } from '../algebra/option.js';
import type { Saved } from '../algebra/saved.js';
import { mapTree, type State, type Tree, zerosLike } from '../algebra/tree.js';
import type { Linearization } from '../objective/linearization.js';
import type { MeasureDescription } from '../objective/measure.js';
import { eagerDampingFactor, reductionRatio, worstRatio } from './damping-factor.js';
import type { Preconditioner } from './preconditioner.js';
import { type Attempt, ridgeOf, tried } from './quadratic-attempt.js';
import { madeReady } from './refresh-beside.js';
import { type Asked, refreshedBy } from './refreshed.js';
import type { Context, Step, Transform } from './transform.js';

export interface QuadraticStepsOptions {
  /** λ at the start. */
  damping?: number;
  /** Whether λ is raised at the first step until its batch bears it. */
  calibrate?: boolean;
  /** Batches at the start of which the curvature learns and no step is made. */
  burnIn?: number;
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
  burnIn: whole(0, '[0, ∞)', 'batches at the start of which the curvature learns and no step is made'),
  leastDamping: number(0.01, '(0, ∞)', 'λ never falls below'),
  decay: number(0.9, '(0, 1)', 'what a step without complaint leaves of λ'),
  adaptEvery: whole(1, '[1, ∞)', 'steps from one look at the reduction ratio to the next'),
  momentum: flag(true, 'whether the last step is a direction too'),
};

interface QuadraticState<T> {
  readonly curvature: State<T>;
  readonly count: number;
  /** Batches of the burn-in seen. */
  readonly burnt: number;
  readonly damping: number;
  /** Whether λ has changed by more than a decay since the last inversion. */
  readonly stale: boolean;
  readonly rejected: number;
  /** Σ mᵏ⁻ⁱgᵀδᵢ and Σ mᵏ⁻ⁱδᵢᵀGδᵢ over the steps so far, g and G of the batch after each, where it led. */
  readonly slope: number;
  readonly bend: number;
  /** The last step taken. */
  readonly velocity: Tree<T>;
  /** The requests that wait, where the curvature is refreshed beside the steps. */
  readonly asked?: readonly Asked<T>[];
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
 * During the burn-in the parameters stay where they are, and the curvature learns from each batch.
 *
 * State: `damping`, `burnt`, `velocity`, `rejected`, `slope` and `bend` of τ, and the curvature's own.
 * Source: Martens and Grosse 2015, sections 6.4, 6.5 and 7; the refusal, τ and β are ours.
 *
 * @throws RangeError or TypeError on an option that is not allowed
 * @example quadraticSteps(kroneckerCurvature(), { damping: 0.1 })
 */
export function quadraticSteps(curvature: Preconditioner, options: QuadraticStepsOptions = {}): Transform {
  const all = chosen('quadraticSteps', quadraticStepsOptions, options);
  const { calibrate, burnIn, leastDamping, adaptEvery } = all;
  const factor = all.decay ** adaptEvery;
  const described = {
    name: 'quadraticSteps',
    options: { ...all, curvature: { name: curvature.name, options: curvature.options } },
    measures: [...measures, ...curvature.measures],
    needs: [...new Set([...curvature.needs, 'linearized' as const])],
    ...(curvature.routes && { routes: curvature.routes }),
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      curvature: curvature.init(parameters, algebra),
      count: 0,
      burnt: 0,
      damping: all.damping,
      stale: false,
      rejected: 0,
      slope: 0,
      bend: 0,
      velocity: zerosLike(algebra, parameters),
      ...(curvature.beside && { asked: [] }),
    }),
  };
  /** Factors of one batch would lead the first steps astray where batches are small. */
  const burning = <T>(context: Context<T>, state: QuadraticState<T>): Step<T> => ({
    update: zerosLike(context.algebra, context.update),
    state: {
      ...state,
      curvature: curvature.observe(context, state.curvature),
      burnt: state.burnt + 1,
    } as unknown as State<T>,
    measures: { lambda: state.damping, rejected: 0 },
  });
  const step = <T>(context: Context<T>, given: State<T>, answer: (asked: Asked<T>) => Saved): Step<T> => {
    const { algebra, objective, parameters } = context;
    const state = given as unknown as QuadraticState<T>;
    if (state.burnt < burnIn) return burning(context, state);
    const first = state.count === 0;
    const model = objective!.linearized!(parameters);
    const observed = curvature.observe(withLayersOf(model, context), state.curvature);
    const damping =
      first && calibrate ? calibrated(context, model, curvature, observed, state) : state.damping;
    const { ready, asked: waiting } = madeReady(
      curvature,
      context,
      observed,
      { damping: damping + ridgeOf(model), force: state.stale },
      { count: state.count, asked: state.asked ?? [] },
      answer,
    );
    if (ready.outcome !== undefined) return { update: context.update, state: given, outcome: ready.outcome };
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
      burnt: state.burnt,
      damping: Math.max(grown, leastDamping),
      stale: grown > damping,
      rejected: state.rejected + (update === undefined ? 1 : 0),
      slope,
      bend,
      velocity: update ?? zerosLike(algebra, context.update),
      ...(curvature.beside && { asked: waiting }),
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
  };
  const { beside } = curvature;
  if (beside === undefined) return { ...described, update: (context, state) => step(context, state, nobody) };
  return refreshedBy({ ...described, work: beside.work, delay: beside.delay, updateBy: step });
}

/** Answers where nothing is asked. */
const nobody = (): never => {
  throw new Error('quadraticSteps: nothing was asked for');
};

/** The context with the layers told by the model's pass, where it can, which spares another. */
function withLayersOf<T>(model: Linearization<T>, context: Context<T>): Context<T> {
  if (model.layers === undefined || context.objective === undefined) return context;
  const { layers } = model;
  return {
    ...context,
    objective: { ...context.objective, layers: (_, labels, random) => layers(labels, random) },
  };
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
