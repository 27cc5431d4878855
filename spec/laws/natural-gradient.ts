import fc from 'fast-check';
import { SavedArray } from '../../src/index.js';
import { nonzeroVector } from '../arbitraries/dyadic.js';
import { condition, spectral } from '../arbitraries/matrices.js';
import { networks } from '../arbitraries/networks.js';
import { product, times, transposed } from '../oracles/dense/matrices.js';
import { denseEmpiricalFisher, denseFisher, lossAndGradient } from '../oracles/network/dense-curvature.js';
import { linearModel } from '../subjects/dense-model.js';
import { flat, norm } from '../subjects/point.js';
import { updatesAt } from './fisher-scaled.js';
import { law } from './law.js';
import { comparable, forward } from './tolerance.js';

export const woodbury = law({
  id: '42',
  name: 'solves of the Fisher matrix',
  statement:
    'By conjugate gradients, Woodbury’s identity or as a matrix, (F + λI)·step = −ηg with F its labels enumerated, or the mean square of the terms’ gradients.',
  tolerance: 'K',
  source: 'Woodbury 1950, which is not backward stable; κ = 1 + ‖F‖/λ',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      fisher: fc.constantFrom('exact', 'empirical'),
      by: fc.constantFrom('conjugateGradients', 'lowRank', 'dense'),
      damping: fc.constantFrom(1, 2 ** -4, 16),
      setting: networks({ sharing: { min: 1, max: 1 }, depth: { min: 1, max: 2 } }),
    }),
  measure(subject, { fisher, by, damping, setting }) {
    const n = setting.x.length;
    const matrix = fisher === 'exact' ? denseFisher(setting) : denseEmpiricalFisher(setting);
    const { gradient } = lossAndGradient(setting);
    const kappa = 1 + norm(matrix) / damping;
    const terms = n * setting.inputs.length;
    fc.pre(comparable(terms, kappa, subject.epsilon));
    const options = { learningRate: 1, damping, fisher, by, tolerance: 0, iterations: 10 * n + 10 };
    const [update] = updatesAt(subject, options, setting, 1);
    const error = times(matrix, update).map((fu, i) => fu + damping * update[i] + gradient[i]);
    const scale = norm(gradient) + (norm(matrix) + damping) * norm(update) + 1e-6 * norm(matrix);
    return [forward('(F + λI)·step + g', norm(error), scale, terms, kappa, subject.epsilon)];
  },
});

export const reparametrized = law({
  id: '44',
  name: 'the natural gradient knows no coordinates',
  statement: 'Under x = Tz the undamped natural gradient step in z is T⁻¹ times that in x.',
  tolerance: 'K',
  source: 'Amari 1998: F becomes TᵀFT and g becomes Tᵀg; κ(T)²·κ(F)',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: fc.constantFrom(1, 0.5),
      jacobian: spectral({ sizes: { min: 3, max: 3 }, reach: 2 }),
      map: spectral({ sizes: { min: 3, max: 3 }, reach: 2 }),
      gradient: nonzeroVector(3),
    }),
  measure(subject, { learningRate, jacobian, map, gradient }) {
    const kappa = (condition(map) * condition(jacobian)) ** 2;
    fc.pre(comparable(9, kappa, subject.epsilon));
    const options = { learningRate, damping: 0, fisher: 'exact', by: 'dense' };
    const stepOf = (g: Float64Array, j: Float64Array) => {
      const optimizer = subject.create(options);
      const parameters = [new SavedArray([3], new Float64Array(3))];
      const model = { ...linearModel(3), jacobian: j };
      const moment = { parameters, gradient: [new SavedArray([3], g)], loss: 1, step: 0, model };
      return flat(optimizer.step(optimizer.init(parameters), moment).update);
    };
    const g = Float64Array.from(gradient);
    const inX = stepOf(g, jacobian.matrix);
    const inZ = stepOf(times(transposed(map.matrix, 3), g), product(jacobian.matrix, map.matrix, 3));
    const error = times(map.matrix, inZ).map((x, i) => x - inX[i]);
    return [forward('T·(step in z) − step in x', norm(error), norm(inX), 9, kappa, subject.epsilon)];
  },
});

export const naturalGradientLaws = [woodbury, reparametrized];
