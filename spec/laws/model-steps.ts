import fc from 'fast-check';
import { networks } from '../arbitraries/networks.js';
import { inner, plus, times } from '../oracles/dense/matrices.js';
import { denseGaussNewton, lossAndGradient, type Setting } from '../oracles/network/dense-curvature.js';
import { bearsLastLayer, places } from '../oracles/network/network.js';
import type { ModelStep } from '../subjects/layered.js';
import { norm } from '../subjects/point.js';
import { law } from './law.js';
import { atMost, bitwise, type Deviation } from './tolerance.js';

/** By how much the inputs of each batch are turned against those of the one before. */
const turns = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 });
const damping = fc.constantFrom(2 ** -10, 2 ** -6, 1 / 4, 1);
const decay = fc.constantFrom(1 / 2, 7 / 8);

const runs = fc.record({
  first: networks({
    losses: ['softmax', 'sigmoid', 'squared'],
    depth: { min: 1, max: 2 },
    repeated: true,
    examples: { min: 2, max: 5 },
  }).filter((setting) => norm(lossAndGradient(setting).gradient) > 2 ** -10),
  turns,
  damping,
  decay,
});

/** A batch, and those made of it by turning the inputs. */
export function batchesOf(first: Setting, turns: readonly number[]): Setting[] {
  const batches = [first];
  for (const turn of turns) {
    const { inputs, ...rest } = batches[batches.length - 1];
    batches.push({ ...rest, inputs: inputs.map((_, i) => inputs[(i + turn) % inputs.length]) });
  }
  return batches;
}

/** What the model says of each step: gᵀd, and dᵀ(G + λI)e. */
interface Seen {
  readonly step: ModelStep;
  readonly slope: (d: Float64Array) => number;
  readonly bend: (d: Float64Array, e: Float64Array, damping: number) => number;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly valueAfter: (d: Float64Array) => number;
}

function seen(batches: readonly Setting[], steps: readonly ModelStep[]): Seen[] {
  let [{ x }] = batches;
  return steps.map((step, k) => {
    const here = { ...batches[k], x };
    const { gradient, value } = lossAndGradient(here);
    const ggn = denseGaussNewton(here);
    x = plus(x, step.update);
    return {
      step,
      value,
      gradient,
      valueAfter: (d) => lossAndGradient({ ...here, x: plus(here.x, d) }).value,
      slope: (d) => inner(gradient, d),
      bend: (d, e, damping) => inner(d, times(ggn, e)) + damping * inner(d, e),
    };
  });
}

export const minimizesModel = law({
  id: '26d',
  name: 'rate and momentum by the quadratic model',
  statement:
    'Each step with ρ ≥ 0 minimizes gᵀδ + ½δᵀ(G + λI)δ along itself, does no worse there than any multiple of the step before, and ρ·(gᵀδ + ½δᵀGδ) is the change of the loss.',
  tolerance: 'I',
  source: 'Martens and Grosse 2015, sections 6.4, 6.5 and 7',
  kind: 'modelSteps',
  sample: () => runs,
  measure(subject, { first, turns, damping, decay }) {
    const batches = batchesOf(first, turns);
    const all = seen(batches, subject.run(batches, { damping, decay }));
    return all.flatMap(({ step, slope, bend, value, valueAfter }, k): Deviation[] => {
      const { update: d, damping: lambda, ratio } = step;
      if (!(ratio >= 0)) return []; // halved
      const n = d.length;
      const bent = bend(d, d, lambda);
      // Two directions whose angle is hardly above 10⁻³ cost half the digits.
      const terms = (k === 0 ? 2 ** 9 : 2 ** 20) * (Math.abs(slope(d)) + bent);
      const found = [atMost('gᵀδ + δᵀ(G + λI)δ', Math.abs(slope(d) + bent), 0, n, subject.epsilon, terms)];
      const predicted = slope(d) + bend(d, d, 0) / 2;
      const there = valueAfter(d);
      const moved = Math.abs(value) + Math.abs(there) + (1 + Math.abs(ratio)) * terms;
      found.push(
        atMost(
          'ρ·predicted − actual',
          Math.abs(ratio * predicted - (there - value)),
          0,
          n,
          subject.epsilon,
          8 * moved,
        ),
      );
      const before = all[k - 1]?.step.update;
      if (before !== undefined && norm(before) > 0) {
        const model = slope(d) + bent / 2;
        const best = -(slope(before) ** 2) / bend(before, before, lambda) / 2;
        // The two directions are taken for one where their angle is below 10⁻³.
        found.push(
          atMost('model, against the last step', model, best * (1 - 2 ** -8), n, subject.epsilon, terms),
        );
      }
      return found;
    });
  },
});

export const refusedSteps = law({
  id: '26e',
  name: 'damping of model steps',
  statement:
    'λ is carried from step to step; it falls where ρ > ¾ and τ ≥ 0.9, rises where ρ < ¼ or τ < ½, and is kept otherwise; no step raises the loss of its batch, and it is 0 only where ρ < 0 or the gradient is 0.',
  tolerance: 'B',
  source:
    'Martens and Grosse 2015, section 6.5, for ρ; a step that raises the loss is halved, four times at most',
  kind: 'modelSteps',
  sample: () => runs,
  measure(subject, { first, turns, damping, decay }) {
    const batches = batchesOf(first, turns);
    const steps = subject.run(batches, { damping, decay });
    return seen(batches, steps).flatMap((here, k): Deviation[] => {
      const { step, value, gradient, valueAfter, slope, bend } = here;
      const { update, damping: lambda, next, ratio, multiple } = step;
      const rises = ratio < 0.25 || Number.isNaN(ratio) || multiple < 0.5;
      const sign = rises ? 1 : ratio > 0.75 && multiple >= 0.9 ? -1 : 0;
      const told = `ρ = ${ratio}, τ = ${multiple}`;
      const scale = Math.abs(value) + Math.abs(slope(update)) + bend(update, update, lambda);
      const change = norm(update) === 0 ? 0 : valueAfter(update) - value;
      return [
        bitwise('λ', lambda, k === 0 ? damping : steps[k - 1].next),
        bitwise(`sign of the change of λ for ${told}`, Math.sign(next - lambda), sign),
        atMost(`change of the loss for ${told}`, change, 0, update.length, subject.epsilon, 2 ** 6 * scale),
        ...(ratio >= 0 && norm(gradient) > 0
          ? [bitwise(`whether ${told} moves`, norm(update) > 0 ? 1 : 0, 1)]
          : []),
      ];
    });
  },
});

export const askedAfter = law({
  id: '26f',
  name: 'the batch after',
  statement:
    'τ after k steps is 1 − Σ mᵏ⁻ⁱgᵢᵀδᵢ/Σ mᵏ⁻ⁱδᵢᵀGᵢδᵢ, m = 0.8, gᵢ and Gᵢ those of the batch after that of δᵢ, where it led; 1 after none.',
  tolerance: 'I',
  source: 'the minimizer of the model of the batch after along the step: its slope at the end is (1 − τ)δᵀGδ',
  kind: 'modelSteps',
  sample: () => runs,
  measure(subject, { first, turns, damping, decay }) {
    const batches = batchesOf(first, turns);
    const all = seen(batches, subject.run(batches, { damping, decay }));
    let [slope, bend, size] = [0, 0, 0];
    return all.map(({ step, ...here }, k): Deviation => {
      if (k > 0) {
        const { update } = all[k - 1].step;
        slope = 0.8 * slope + here.slope(update);
        bend = 0.8 * bend + here.bend(update, update, 0);
        size = 0.8 * size + Math.abs(here.slope(update)) + here.bend(update, update, 0);
      }
      const what = `τ·Σ δᵀGδ − Σ (δᵀGδ − gᵀδ) before step ${k}`;
      if (bend === 0) return bitwise(`τ before step ${k}`, step.multiple, 1);
      const error = Math.abs(step.multiple * bend - (bend - slope));
      const scale = 2 ** 9 * (size + Math.abs(step.multiple) * bend);
      return atMost(what, error, 0, step.update.length, subject.epsilon, scale);
    });
  },
});

const once = networks({
  losses: ['softmax', 'sigmoid', 'squared'],
  depth: { min: 2, max: 3 },
  examples: { min: 2, max: 5 },
}).filter((setting) => norm(lossAndGradient(setting).gradient) > 2 ** -10);

export const lastLayerApart = law({
  id: '26h',
  name: 'the rate of the last layer',
  statement:
    'After the first step, where ρ ≥ 0 and τ ≥ ½, and the batch has half as many terms as the last layer inputs, the model’s gradient at the step, g + (G + λI)δ, is orthogonal to the last layer’s part of δ − μδ₀, δ₀ the step before: that layer has the rate that is best for it.',
  tolerance: 'I',
  source: 'a minimizer over several directions: the model’s gradient there is orthogonal to each',
  kind: 'modelSteps',
  sample: () => fc.record({ first: once, turns, damping, decay }),
  measure(subject, { first, turns, damping, decay }) {
    const batches = batchesOf(first, turns);
    const all = seen(batches, subject.run(batches, { damping, decay }));
    const from = places(first.network).at(-1)!.kernel;
    return all.flatMap(({ step, slope, bend }, k): Deviation[] => {
      const { update, damping: lambda, ratio, multiple, momentum } = step;
      if (all.slice(0, k).every((earlier) => norm(earlier.step.update) === 0)) return [];
      if (!(ratio >= 0 && multiple >= 0.5 && bearsLastLayer(first.network, first.inputs))) return [];
      const before = all[k - 1].step.update;
      const own = plus(update, before, -momentum).map((entry, i) => (i < from ? 0 : entry));
      const bent = bend(update, update, lambda) + bend(own, own, lambda);
      const scale = 2 ** 20 * (Math.abs(slope(own)) + Math.abs(slope(update)) + bent);
      const error = Math.abs(slope(own) + bend(update, own, lambda));
      return [
        atMost(`slope of the last layer at step ${k}`, error, 0, update.length, subject.epsilon, scale),
      ];
    });
  },
});

export const modelStepLaws = [minimizesModel, refusedSteps, askedAfter, lastLayerApart];
