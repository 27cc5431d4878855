import fc from 'fast-check';
import { nonzeroVector } from '../arbitraries/dyadic.js';
import { condition, spectral } from '../arbitraries/matrices.js';
import { times } from '../oracles/dense/matrices.js';
import { flat, norm, vector } from '../subjects/point.js';
import { law } from './law.js';
import { comparable, forward } from './tolerance.js';

export const batchSecant = law({
  id: '27b',
  name: 'secant equation on batches',
  statement:
    'After a step s on a batch with Hessian H, a gradient of Hs + λs makes the step −ηs: the newest pair is learnt from one batch, damped, and H⁺y = s.',
  tolerance: 'K',
  source: 'Schraudolph, Yu and Günter 2007; the secant equation of L-BFGS, whatever the pairs before',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: fc.constantFrom(1, 0.5, 2 ** -4),
      memory: fc.constantFrom(1, 2, 5),
      damping: fc.constantFrom(0, 0.5),
      hessian: spectral({ sizes: { min: 4, max: 4 }, reach: 2 }),
      gradients: fc.array(nonzeroVector(4), { minLength: 1, maxLength: 4 }),
    }),
  measure(subject, { hessian, gradients, ...options }) {
    const { n, matrix } = hessian;
    // Positive definite, so that no pair is left out.
    const square = Float64Array.from(matrix, (_, at) =>
      matrix
        .subarray(Math.floor(at / n) * n, (Math.floor(at / n) + 1) * n)
        .reduce((sum, entry, k) => sum + entry * matrix[(at % n) * n + k], 0),
    );
    const optimizer = subject.create(options);
    const parameters = vector(new Array(n).fill(0));
    let state = optimizer.init(parameters);
    let s: Float64Array = new Float64Array(n);
    const moment = (g: ArrayLike<number>, step: number) => ({
      parameters,
      gradient: vector(Array.from(g)),
      loss: 1,
      step,
      hessian: square,
    });
    gradients.forEach((g, step) => {
      const taken = optimizer.step(state, moment(g, step));
      state = taken.state;
      s = flat(taken.update);
    });
    const y = times(square, s).map((entry, i) => entry + options.damping * s[i]);
    const kappa = condition(hessian) ** 4;
    fc.pre(comparable(n * gradients.length, kappa, subject.epsilon) && norm(s) > 0);
    const update = flat(optimizer.step(state, moment(y, gradients.length)).update);
    const error = update.map((u, i) => u + options.learningRate * s[i]);
    return [
      forward(
        'step + ηs',
        norm(error),
        options.learningRate * norm(s),
        n * gradients.length,
        kappa,
        subject.epsilon,
      ),
    ];
  },
});

export const secantStepsLaws = [batchSecant];
