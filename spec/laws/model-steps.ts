import fc from 'fast-check';
import { networks } from '../arbitraries/networks.js';
import { inner, plus, times } from '../oracles/dense/matrices.js';
import { denseGaussNewton, lossAndGradient, type Setting } from '../oracles/network/dense-curvature.js';
import type { ModelStep } from '../subjects/layered.js';
import { norm } from '../subjects/point.js';
import { law } from './law.js';
import { atMost, bitwise, type Deviation } from './tolerance.js';

const runs = fc.record({
  setting: networks({
    losses: ['softmax', 'sigmoid', 'squared'],
    depth: { min: 1, max: 2 },
    repeated: true,
    examples: { min: 2, max: 5 },
  }).filter((setting) => norm(lossAndGradient(setting).gradient) > 2 ** -10),
  damping: fc.constantFrom(1 / 4, 1, 4),
  decay: fc.constantFrom(1 / 2, 7 / 8),
});

/** What the model says of each step: gᵀd, and dᵀ(G + λI)e. */
interface Seen {
  readonly step: ModelStep;
  readonly setting: Setting;
  readonly slope: (d: Float64Array) => number;
  readonly bend: (d: Float64Array, e: Float64Array, damping: number) => number;
  readonly value: number;
}

function seen(setting: Setting, steps: readonly ModelStep[]): Seen[] {
  let at = setting;
  return steps.map((step) => {
    const here = at;
    const { gradient, value } = lossAndGradient(here);
    const ggn = denseGaussNewton(here);
    at = { ...here, x: plus(here.x, step.update) };
    return {
      step,
      setting: here,
      value,
      slope: (d) => inner(gradient, d),
      bend: (d, e, damping) => inner(d, times(ggn, e)) + damping * inner(d, e),
    };
  });
}

export const minimizesModel = law({
  id: '26d',
  name: 'rate and momentum by the quadratic model',
  statement:
    'Each step minimizes gᵀδ + ½δᵀ(G + λI)δ along itself, does no worse there than any multiple of the step before, and ρ·(gᵀδ + ½δᵀGδ) is the change of the loss.',
  tolerance: 'I',
  source: 'Martens and Grosse 2015, sections 6.4, 6.5 and 7',
  kind: 'modelSteps',
  sample: () => runs,
  measure(subject, { setting, damping, decay }) {
    const all = seen(setting, subject.run(setting, 3, { damping, decay }));
    return all.flatMap(({ step, slope, bend, value, setting: here }, k): Deviation[] => {
      const { update: d, damping: lambda, ratio } = step;
      if (norm(d) === 0) return []; // refused
      const n = d.length;
      const bent = bend(d, d, lambda);
      // Two directions whose angle is hardly above 10⁻³ cost half the digits.
      const terms = (k === 0 ? 2 ** 9 : 2 ** 20) * (Math.abs(slope(d)) + bent);
      const found = [atMost('gᵀδ + δᵀ(G + λI)δ', Math.abs(slope(d) + bent), 0, n, subject.epsilon, terms)];
      const predicted = slope(d) + bend(d, d, 0) / 2;
      const there = lossAndGradient({ ...here, x: plus(here.x, d) }).value;
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
    'λ is carried from step to step; it falls where ρ > ¾, rises where ρ < ¼, and a step is 0 where ρ < −1 alone.',
  tolerance: 'B',
  source: 'Martens and Grosse 2015, section 6.5; the refusal as in kfac-jax',
  kind: 'modelSteps',
  sample: () => runs,
  measure(subject, { setting, damping, decay }) {
    const steps = subject.run(setting, 4, { damping, decay });
    return steps.flatMap(({ update, damping: lambda, next, ratio }, k): Deviation[] => {
      const sign = ratio < 0.25 || Number.isNaN(ratio) ? 1 : ratio > 0.75 ? -1 : 0;
      return [
        bitwise('λ', lambda, k === 0 ? damping : steps[k - 1].next),
        bitwise(`sign of the change of λ for ρ = ${ratio}`, Math.sign(next - lambda), sign),
        bitwise(`whether ρ = ${ratio} moves`, norm(update) > 0 ? 1 : 0, ratio >= -1 ? 1 : 0),
      ];
    });
  },
});

export const modelStepLaws = [minimizesModel, refusedSteps];
