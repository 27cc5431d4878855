import type { Setting } from '../../subjects/network.js';
import { plainHessian } from '../central-differences.js';
import { outer, plus } from '../dense/matrices.js';
import { termLosses } from './losses.js';
import { type Forward, forward, parameterCount, pull, push, termsOf } from './network.js';

export type { Setting } from '../../subjects/network.js';

/** The mean loss and its gradient. */
export function lossAndGradient(setting: Setting): { value: number; gradient: Float64Array } {
  const { network, x, inputs } = setting;
  const passed = forward(network, x, inputs);
  const terms = termsOf(network, passed.rows);
  let value = 0;
  forTerms(setting, passed, (z, y) => {
    value += termLosses[network.loss].value(z, y) / terms;
  });
  return { value, gradient: pull(network, x, passed, residuals(setting, passed)).gradient };
}

/** The derivative of the mean loss by the outputs, [terms, out]. */
export function residuals(setting: Setting, passed: Forward): Float64Array {
  const { network } = setting;
  const terms = termsOf(network, passed.rows);
  return mapTerms(setting, passed, (z, y) => termLosses[network.loss].residual(z, y).map((r) => r / terms));
}

/** J, [terms·out, n], column by column along the parameters. */
export function jacobian({ network, x, inputs }: Setting): Float64Array {
  const n = parameterCount(network);
  const passed = forward(network, x, inputs);
  const m = passed.outputs.length;
  const j = new Float64Array(m * n);
  for (let k = 0; k < n; k++) {
    const unit = Float64Array.from({ length: n }, (_, i) => (i === k ? 1 : 0));
    const column = push(network, x, passed, unit);
    for (let i = 0; i < m; i++) j[i * n + k] = column[i];
  }
  return j;
}

/** (1/T)·Σ JₜᵀHₜJₜ, from the Jacobian's columns. */
export function denseGaussNewton(setting: Setting): Float64Array {
  const { network, x, inputs } = setting;
  const n = parameterCount(network);
  const passed = forward(network, x, inputs);
  const j = jacobian(setting);
  const terms = termsOf(network, passed.rows);
  const width = passed.outputs.length / terms;
  const total = new Float64Array(n * n);
  for (let t = 0; t < terms; t++) {
    const h = termLosses[network.loss].hessian(passed.outputs.subarray(t * width, (t + 1) * width));
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < width; b++) {
        const weight = h[a * width + b] / terms;
        if (weight === 0) continue;
        const [ra, rb] = [(t * width + a) * n, (t * width + b) * n];
        for (let i = 0; i < n; i++)
          for (let k = 0; k < n; k++) total[i * n + k] += weight * j[ra + i] * j[rb + k];
      }
    }
  }
  return total;
}

/** The gradient of each term's own loss, one row a term, under the labels given to it. */
export function termGradients(
  { network, x, inputs }: Setting,
  label: (term: number, z: Float64Array) => Float64Array,
): Float64Array[] {
  const passed = forward(network, x, inputs);
  const terms = termsOf(network, passed.rows);
  const width = passed.outputs.length / terms;
  return Array.from({ length: terms }, (_, t) => {
    const z = passed.outputs.subarray(t * width, (t + 1) * width);
    const u = new Float64Array(passed.outputs.length);
    u.set(termLosses[network.loss].residual(z, label(t, z)), t * width);
    return pull(network, x, passed, u).gradient;
  });
}

/** (1/T)·Σₜ Σ_y p(y|zₜ)·gₜ(y)gₜ(y)ᵀ: the labels enumerated, the gradients by the way back. */
export function denseFisher(setting: Setting): Float64Array {
  const { network, x, inputs } = setting;
  const passed = forward(network, x, inputs);
  const terms = termsOf(network, passed.rows);
  const width = passed.outputs.length / terms;
  const n = parameterCount(network);
  let total: Float64Array = new Float64Array(n * n);
  for (let t = 0; t < terms; t++) {
    const z = passed.outputs.subarray(t * width, (t + 1) * width);
    for (const { weight, residual } of termLosses[network.loss].enumerate(z)) {
      const u = new Float64Array(passed.outputs.length);
      u.set(residual, t * width);
      const { gradient } = pull(network, x, passed, u);
      total = plus(total, outer(gradient, gradient), weight / terms);
    }
  }
  return total;
}

/** (1/T)·Σ gₜgₜᵀ under the labels given. */
export function denseEmpiricalFisher(setting: Setting): Float64Array {
  const width = termLosses[setting.network.loss].labels(setting.network.layers.at(-1)!.outputs);
  const gradients = termGradients(setting, (t) => setting.labels.subarray(t * width, (t + 1) * width));
  const n = parameterCount(setting.network);
  return gradients.reduce<Float64Array>(
    (total, g) => plus(total, outer(g, g), 1 / gradients.length),
    new Float64Array(n * n),
  );
}

/** The Hessian of the mean loss by differences of its exact gradient. */
export function denseHessian(setting: Setting): Float64Array {
  const n = parameterCount(setting.network);
  const into = new Float64Array(n * n);
  plainHessian((x) => lossAndGradient({ ...setting, x }).gradient, setting.x, into);
  return into;
}

/** The block of a matrix over the parameters from `begin` to `end`. */
export function blockOf(matrix: Float64Array, n: number, begin: number, end: number): Float64Array {
  const size = end - begin;
  return Float64Array.from({ length: size * size }, (_, at) => {
    return matrix[(begin + Math.floor(at / size)) * n + begin + (at % size)];
  });
}

/** Applies `f` to the outputs and label of every term, its results one behind the other. */
export function mapTerms(
  setting: Setting,
  passed: Forward,
  f: (z: Float64Array, y: Float64Array, term: number) => Float64Array,
): Float64Array {
  const found: number[] = [];
  forTerms(setting, passed, (z, y, t) => found.push(...f(z, y, t)));
  return Float64Array.from(found);
}

function forTerms(
  { network, labels }: Setting,
  { rows, outputs }: Forward,
  f: (z: Float64Array, y: Float64Array, term: number) => void,
): void {
  const terms = termsOf(network, rows);
  const width = outputs.length / terms;
  const label = termLosses[network.loss].labels(width);
  for (let t = 0; t < terms; t++) {
    f(outputs.subarray(t * width, (t + 1) * width), labels.subarray(t * label, (t + 1) * label), t);
  }
}
