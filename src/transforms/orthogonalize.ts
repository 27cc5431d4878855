import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, type OptionsOf } from '../algebra/option.js';
import { replaced } from '../algebra/part.js';
import { entries, type Tree } from '../algebra/tree.js';
import {
  type Coefficients,
  orthogonalizingPolynomials,
  type Quintic,
} from './orthogonalizing-polynomials.js';
import { type Selection, selection, selector } from './selection.js';
import { type Context, type Step, stateless, type Transform } from './transform.js';

export interface OrthogonalizeOptions {
  /** Which quintics. */
  coefficients?: Coefficients;
  /** How long the update of a matrix [in, out] is: √max(1, out/in) ('spectral') or 0.2√max(in, out) ('rms'). */
  scale?: 'spectral' | 'rms';
  /** Which matrices hold queries, keys and values side by side and are taken as three. */
  merged?: Selection;
}

/** Matrices [in, 3·n] whose name says that they make queries, keys and values in one product. */
export function mergedAttention(path: string, shape: readonly number[]): boolean {
  return /qkv|c_attn|in_proj|query_key_value/i.test(path) && shape[shape.length - 1] % 3 === 0;
}

export const orthogonalizeOptions: OptionsOf<OrthogonalizeOptions> = {
  coefficients: choice('standard', ['standard', 'dion', 'polarExpress'], 'the quintics that orthogonalize'),
  scale: choice('spectral', ['spectral', 'rms'], '√max(1, out/in), or 0.2√max(in, out)'),
  merged: selection('which matrices hold q, k and v side by side', mergedAttention),
};

/**
 * Makes each matrix's update nearly orthogonal: with u = UΣVᵀ it becomes c·UVᵀ, all singular values near one c, by
 * products alone (Newton–Schulz): from X = u/‖u‖, each round X ← aX + (bA + cA²)X with A = XXᵀ, the smaller side.
 *
 * A matrix is [in, out] as TensorFlow.js has it, and a kernel [h, w, in, out] is taken as [h·w·in, out]. The length c
 * is √max(1, out/in), under which steps of one rate change outputs alike, or 0.2√max(in, out), under which entries are
 * as large as Adam's. Where the published code adds 1e-7 to ‖u‖ nothing is added here: u → 2ᵏu changes no bit, and
 * u = 0 stays 0. A norm that overflows makes the update NaN.
 *
 * Source: Jordan et al. 2024 (Muon); the second length, Liu et al. 2025 (Moonlight), equation 4.
 *
 * @throws TypeError, at `init`, naming a parameter that is no matrix: give it another transform by {@link grouped}
 * @example chain(interpolatedMomentum({ beta1: 0.9025, beta2: 0.95 }), orthogonalize(), learningRate(0.02))
 */
export function orthogonalize(options: OrthogonalizeOptions = {}): Transform {
  const { coefficients, scale, merged } = chosen('orthogonalize', orthogonalizeOptions, options);
  const isMerged = selector('orthogonalize', 'merged', merged);
  const rounds = orthogonalizingPolynomials[coefficients];
  return {
    name: 'orthogonalize',
    options: { coefficients, scale },
    init<T>(parameters: Tree<T>, algebra: Algebra<T>) {
      for (const [path, leaf] of entries(algebra, parameters)) {
        const shape = algebra.shape(leaf);
        if (shape.length < 2) {
          throw new TypeError(
            `orthogonalize(${path}): expected a matrix or kernel, got shape [${shape}]; leave it out by grouped`,
          );
        }
      }
      return stateless;
    },
    update<T>({ algebra, update }: Context<T>): Step<T> {
      const made = algebra.scope(() => {
        const matrices = entries(algebra, update).map(([path, leaf]) => {
          const shape = algebra.shape(leaf);
          const parts = columns(algebra, asMatrix(algebra, leaf), isMerged(path, shape) ? 3 : 1);
          return { path, shape, parts };
        });
        const orthogonal = allOrthogonalized(
          algebra,
          matrices.flatMap(({ parts }) => parts),
          rounds,
        );
        let next = 0;
        return Object.fromEntries(
          matrices.map(({ path, shape, parts }) => {
            const scaled = parts.map((x) => {
              const [inputs, outputs] = algebra.shape(x);
              return algebra.mul(orthogonal[next++], length(scale, inputs, outputs));
            });
            const joined = scaled.length === 1 ? scaled[0] : algebra.concat(scaled, 1);
            return [path, algebra.reshape(joined, shape)];
          }),
        );
      });
      return { update: replaced(algebra, update, made), state: stateless };
    },
  };
}

/** A kernel as the matrix [inputs, outputs]: all axes but the last are inputs. */
export function asMatrix<T>(algebra: Algebra<T>, x: T): T {
  const shape = algebra.shape(x);
  const outputs = shape[shape.length - 1];
  return algebra.reshape(x, [shape.slice(0, -1).reduce((product, size) => product * size, 1), outputs]);
}

function columns<T>(algebra: Algebra<T>, x: T, pieces: number): T[] {
  if (pieces === 1) return [x];
  const [inputs, outputs] = algebra.shape(x);
  const width = outputs / pieces;
  return Array.from({ length: pieces }, (_, i) => algebra.slice(x, [0, i * width], [inputs, width]));
}

function length(scale: 'spectral' | 'rms', inputs: number, outputs: number): number {
  return scale === 'rms'
    ? 0.2 * Math.sqrt(Math.max(inputs, outputs))
    : Math.sqrt(Math.max(1, outputs / inputs));
}

/** p(Σ) for the singular values of each x/‖x‖, p the rounds one after the other; those of one shape side by side. */
function allOrthogonalized<T>(algebra: Algebra<T>, xs: readonly T[], rounds: readonly Quintic[]): T[] {
  const made = [...xs];
  const alike = new Map<string, number[]>();
  for (const [i, x] of xs.entries()) {
    const [rows, width] = algebra.shape(x);
    if (rows * width === 0) continue;
    const shape = `${rows}×${width}`;
    alike.set(shape, [...(alike.get(shape) ?? []), i]);
  }
  for (const places of alike.values()) {
    const [rows, width] = algebra.shape(xs[places[0]]);
    const units = places.map((i) => algebra.reshape(unit(algebra, xs[i]), [1, rows, width]));
    const stack = orthogonalized(algebra, units.length === 1 ? units[0] : algebra.concat(units, 0), rounds);
    for (const [k, i] of places.entries()) {
      made[i] = algebra.reshape(algebra.slice(stack, [k, 0, 0], [1, rows, width]), [rows, width]);
    }
  }
  return made;
}

/** x/‖x‖, and 0 for 0. */
function unit<T>(algebra: Algebra<T>, x: T): T {
  const norm = algebra.sqrt(algebra.dot(x, x));
  // 1 for a norm of 0, and NaN, not 0, where the norm is NaN or ∞.
  const divisor = algebra.add(
    algebra.add(norm, algebra.sub(algebra.fill([], 1), algebra.sign(norm))),
    algebra.mul(norm, 0),
  );
  return algebra.div(x, divisor);
}

/** The rounds on each matrix of a stack. */
function orthogonalized<T>(algebra: Algebra<T>, stack: T, rounds: readonly Quintic[]): T {
  const [, rows, width] = algebra.shape(stack);
  const wide = rows <= width;
  let y = stack;
  for (const [a, b, c] of rounds) {
    const gram = wide ? algebra.matmul(y, y, false, true) : algebra.matmul(y, y, true, false);
    // Written as that of a matrix with its own transpose, of which half is computed.
    const square = algebra.matmul(gram, gram, false, true);
    const factor = algebra.combine(b, gram, c, square);
    y = algebra.combine(a, y, 1, wide ? algebra.matmul(factor, y) : algebra.matmul(y, factor));
  }
  return y;
}
