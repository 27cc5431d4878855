import type { Algebra } from '../algebra/algebra.js';

/**
 * What a layer's rows that belong to one example are taken for: terms of their own ('expand': tokens that are all
 * predicted), or parts of one sum ('reduce': positions that are pooled before the loss).
 */
export type Sharing = 'expand' | 'reduce';

/** What a layer must tell: its inputs x [n·s, in], and the derivative of the mean loss by x·W, [n·s, out]. */
export interface LayerPass<T> {
  readonly inputs: T;
  readonly errors: T;
  readonly bias?: string;
  readonly examples: number;
  readonly sharing: number;
}

/** A ⊗ G, the Kronecker form of one layer's curvature: A [in, in], one longer with a bias, G [out, out]. */
export interface KroneckerFactors<T> {
  readonly a: T;
  readonly g: T;
}

/** What the factors sum over, a row a summand: x [rows, in] and ē [rows, out]; ā is x, with a bias (x, 1). */
export interface LayerRows<T> {
  readonly inputs: T;
  readonly errors: T;
  readonly biased: boolean;
}

/**
 * The rows that a layer's factors sum over. 'reduce' takes one row an example: the mean of its inputs and the sum of
 * its errors. A bias is the weight of an input that is 1: see {@link inputsWithBias}.
 *
 * Source: Eschenhagen et al. 2023, sections 3.2 (expand) and 3.3 (reduce).
 */
export function layerRows<T>(algebra: Algebra<T>, layer: LayerPass<T>, sharing: Sharing): LayerRows<T> {
  const { examples, sharing: positions } = layer;
  const reduced = sharing === 'reduce' && positions > 1;
  const inputs = reduced
    ? algebra.div(sumOverPositions(algebra, layer.inputs, examples, positions), positions)
    : layer.inputs;
  const errors = reduced ? sumOverPositions(algebra, layer.errors, examples, positions) : layer.errors;
  return { inputs, errors, biased: layer.bias !== undefined };
}

/** ā: x, with a column of 1 at its end where there is a bias. */
export function inputsWithBias<T>(algebra: Algebra<T>, { inputs, biased }: LayerRows<T>): T {
  if (!biased) return inputs;
  return algebra.concat([inputs, algebra.fill([algebra.shape(inputs)[0], 1], 1)], 1);
}

/**
 * A = (1/R)·Σ āᵀā and G = T·Σ ēᵀē over R rows, for a mean loss over T terms, ē its derivative: A ⊗ G is the layer's
 * block of the Fisher matrix where inputs and errors are independent.
 *
 * Exact for one term, and for linear networks with squared error: 'expand' with a term a row, 'reduce' with rows
 * pooled to a term an example.
 * Source: Martens and Grosse 2015, equation 1, with the constants of Eschenhagen et al. 2023.
 */
export function kroneckerFactors<T>(
  algebra: Algebra<T>,
  rows: LayerRows<T>,
  terms: number,
): KroneckerFactors<T> {
  return { a: inputFactor(algebra, rows), g: errorFactor(algebra, rows, terms) };
}

/** A. Layers of the same inputs have the same. */
export function inputFactor<T>(algebra: Algebra<T>, { inputs, biased }: LayerRows<T>): T {
  const [rows, width] = algebra.shape(inputs);
  return algebra.scope(() => {
    const products = algebra.div(algebra.matmul(inputs, inputs, true), rows);
    if (!biased) return products;
    // Beside the products the bias adds but the means: no need to copy all rows to put a 1 at their ends.
    const means = algebra.matmul(algebra.fill([1, rows], 1 / rows), inputs);
    const above = algebra.concat([products, algebra.reshape(means, [width, 1])], 1);
    return algebra.concat([above, algebra.concat([means, algebra.fill([1, 1], 1)], 1)], 0);
  });
}

/** G. */
export function errorFactor<T>(
  algebra: Algebra<T>,
  { errors }: Pick<LayerRows<T>, 'errors'>,
  terms: number,
): T {
  return algebra.scope(() => algebra.mul(algebra.matmul(errors, errors, true), terms));
}

/**
 * T·Σ (ēQ_G)²(āQ_A)²: the diagonal of the curvature in the basis Q_A ⊗ Q_G, [in, out], nearest to it of all diagonals.
 *
 * Source: George et al. 2018, equation 10.
 */
export function diagonalInBasis<T>(
  algebra: Algebra<T>,
  rows: LayerRows<T>,
  terms: number,
  basisA: T,
  basisG: T,
): T {
  const left = algebra.square(algebra.matmul(inputsWithBias(algebra, rows), basisA));
  const right = algebra.square(algebra.matmul(rows.errors, basisG));
  return algebra.mul(algebra.matmul(left, right, true), terms);
}

/** [n·s, d] → [n, d], by halves, so that it takes log₂ s steps. */
function sumOverPositions<T>(algebra: Algebra<T>, x: T, examples: number, positions: number): T {
  const width = algebra.shape(x)[1];
  let rest = algebra.reshape(x, [examples, positions * width]);
  let odd: T | undefined;
  const columns = (from: number, count: number) =>
    algebra.slice(rest, [0, from * width], [examples, count * width]);
  for (let left = positions; left > 1; left = Math.floor(left / 2)) {
    const half = Math.floor(left / 2);
    if (left % 2 === 1) {
      const last = columns(left - 1, 1);
      odd = odd === undefined ? last : algebra.add(odd, last);
    }
    rest = algebra.add(columns(0, half), columns(half, half));
  }
  return odd === undefined ? rest : algebra.add(rest, odd);
}
