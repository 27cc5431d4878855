import { identity, leastSquaresSolution, plus } from '../oracles/dense/matrices.js';
import { type Factors, learnt, naiveKfacFixed, preconditioned } from '../oracles/kfac-fixed.js';
import type { PlainOptimizer } from '../subjects/foreign/plain.js';
import { subjectOfExport } from '../subjects/foreign/subject-of-export.js';
import type { Subject } from '../subjects/subject.js';
import { naiveHessianFree } from './hessian-free.js';
import { type StepsByModel, stepsByModel } from './steps-by-model.js';

/** Right methods that see a model or the layers of a network, as modules of a stranger's. */
export function strangersOfNetworks(): Promise<readonly Subject[]> {
  const all = [naiveBatchGaussNewton(), naiveHessianFree(), naiveKfac(), naiveKfacFixed()];
  return Promise.all(all.map((optimizer) => subjectOfExport(optimizer, optimizer.name)));
}

type Changed<C> = Partial<StepsByModel<C>>;

/** Gauss–Newton for training with the dense matrix of a batch. */
export function naiveBatchGaussNewton(changed: Changed<never> = {}): PlainOptimizer {
  return stepsByModel<never>({
    claims: 'batchGaussNewton',
    options: { by: 'dense' },
    direction({ gradient, damping, model }) {
      const n = gradient.length;
      const matrix = plus(model!.gaussNewton, identity(n), damping);
      return {
        forth: leastSquaresSolution(
          matrix,
          gradient.map((gi) => -gi),
          n,
        ),
      };
    },
    ...changed,
  }) as PlainOptimizer;
}

interface Learnt {
  readonly weight: number;
  readonly factors: readonly Factors[];
}

const memory = 0.95;

/** K-FAC with rates, momentum and damping by the quadratic model, its factors inverted at every step. */
export function naiveKfac(changed: Changed<Learnt> = {}): PlainOptimizer {
  return stepsByModel<Learnt>({
    claims: 'kfac',
    options: { labels: 'given', form: 'factored', memory, inversesEvery: 1 },
    direction({ gradient, damping, layers = [], terms = 1, learnt: before }) {
      const weight = memory * (before?.weight ?? 0) + 1;
      const factors = layers.map((layer, l) => learnt(before?.factors[l], layer, terms, weight));
      const forth = new Float64Array(gradient.length);
      for (const [l, { at, in: inputs, out, bias }] of layers.entries()) {
        const end = at + (inputs + Number(bias)) * out;
        const solved = preconditioned(factors[l], gradient.slice(at, end), damping);
        forth.set(
          solved.map((u) => -u),
          at,
        );
      }
      return { forth, learnt: { weight, factors } };
    },
    // One whose weights have more inputs than twice the terms could fit the batch alone.
    lastLayer({ layers = [], terms = 1 }) {
      const last = layers[layers.length - 1];
      return layers.length > 1 && last.in + Number(last.bias) <= 2 * terms ? last.at : undefined;
    },
    ...changed,
  }) as PlainOptimizer;
}
