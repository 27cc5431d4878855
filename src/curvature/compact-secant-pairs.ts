import { combine, dots } from '../linalg/kernels/vector-kernels.js';
import { rowLengthFor, upToFour } from '../linalg/kernels/workspace.js';
import { compile, linearMemory } from '../wasm/module.js';
import type { LimitedMemory } from './secant-pairs.js';

const kernels = { dots, combine };
type Kernels = Record<keyof typeof kernels, (...operands: number[]) => void>;

/** So many columns of all pairs lie in the second-level cache together. */
const block = 2048;
const numbersPerPage = 8192;

/**
 * The last m pairs (s, y) as {@link SecantPairs} holds them, for many variables: the two-loop recursion runs on
 * inner products, so that an iteration reads the pairs from memory twice in place of four times, and on
 * WebAssembly.
 *
 * With S and Y the matrices of the pairs, every vector of the recursion lies in the span of g, S and Y. It needs
 * SᵀY, YᵀY, which a new pair changes by one column, and Sᵀg, Yᵀg; the first pass over the pairs takes their
 * products with y and g, the second combines Hg. (2m + 3)n numbers in a memory of its own; nothing is allocated
 * later.
 * Source: Nocedal 1980; Byrd, Nocedal and Schnabel 1994, section 3.2 (the inner products).
 */
export class CompactSecantPairs implements LimitedMemory {
  private readonly rows: number;
  private readonly rowLength: number;
  /** Where the memory holds, after the 2m rows of S and Y: a block of a vector, products with y, with g. */
  private readonly vectorAt: number;
  private readonly productsAt: number;
  private readonly numbers: Float64Array;
  private readonly kernel: Kernels;
  /** sᵢᵀyⱼ at i·m + j, wherever i is not newer than j; yᵢᵀyⱼ. */
  private readonly sy: Float64Array;
  private readonly yy: Float64Array;
  /** Sᵀg and then Yᵀg; Sᵀy and Yᵀy of the newest y. */
  private readonly withGradient: Float64Array;
  private readonly withChange: Float64Array;
  private readonly rho: Float64Array;
  private readonly alpha: Float64Array;
  private readonly along: Float64Array;
  private newest = -1;
  private held = 0;
  /** The gradient whose products are at hand. */
  private known: Float64Array | undefined;

  constructor(
    private readonly n: number,
    readonly memory: number,
  ) {
    const m = memory;
    this.rows = upToFour(2 * m);
    this.rowLength = rowLengthFor(n);
    this.vectorAt = this.rows * this.rowLength;
    this.productsAt = this.vectorAt + upToFour(Math.min(n, block));
    const pages = linearMemory(Math.ceil((this.productsAt + this.rows) / numbersPerPage));
    this.numbers = new Float64Array(pages.buffer);
    this.kernel = compile<Kernels>(kernels, pages);
    this.sy = new Float64Array(m * m);
    this.yy = new Float64Array(m * m);
    this.withGradient = new Float64Array(this.rows);
    this.withChange = new Float64Array(this.rows);
    this.rho = new Float64Array(m);
    this.alpha = new Float64Array(m);
    this.along = new Float64Array(m);
  }

  get count(): number {
    return this.held;
  }

  /** Copies a pair in, and takes its products and those of the gradient that is to be asked about next. */
  push(s: Float64Array, y: Float64Array, curvature: number, gradient: Float64Array): void {
    const { memory, sy, yy, withChange, rowLength } = this;
    const k = (this.newest + 1) % memory;
    this.newest = k;
    this.held = Math.min(this.held + 1, memory);
    this.numbers.set(s, k * rowLength);
    this.numbers.set(y, (memory + k) * rowLength);
    this.rho[k] = 1 / curvature;
    withChange.fill(0);
    this.withGradient.fill(0);
    for (let from = 0; from < this.n; from += block) {
      this.addProducts(y, from, withChange);
      this.addProducts(gradient, from, this.withGradient);
    }
    for (let i = 0; i < memory; i++) {
      sy[i * memory + k] = withChange[i];
      yy[i * memory + k] = yy[k * memory + i] = withChange[memory + i];
    }
    this.known = gradient;
  }

  forget(): void {
    this.held = 0;
    this.known = undefined;
  }

  /** γ = sᵀy/yᵀy of the newest pair; 1 without pairs. */
  scaling(): number {
    const { held, newest, rho, yy, memory } = this;
    return held === 0 ? 1 : 1 / (rho[newest] * yy[newest * (memory + 1)]);
  }

  /** into ← Hv, with H₀ = gamma·I. */
  multiply(v: Float64Array, gamma: number, into: Float64Array): void {
    const { n, held, numbers, kernel, rows, rowLength, vectorAt, productsAt } = this;
    if (held === 0) {
      for (let i = 0; i < n; i++) into[i] = gamma * v[i];
      return;
    }
    if (this.known !== v) {
      this.withGradient.fill(0);
      for (let from = 0; from < n; from += block) this.addProducts(v, from, this.withGradient);
    }
    this.known = undefined; // its owner may write to it before the next call
    this.coefficients(gamma);
    for (let from = 0; from < n; from += block) {
      const length = Math.min(block, n - from);
      for (let i = 0; i < length; i++) numbers[vectorAt + i] = gamma * v[from + i];
      if (length % 2 === 1) numbers[vectorAt + length] = 0; // the kernels take columns in twos
      kernel.combine(vectorAt, from, productsAt, rows, length + (length & 1), rowLength);
      for (let i = 0; i < length; i++) into[from + i] = numbers[vectorAt + i];
    }
  }

  /** Writes c with Hv = γv + Σ cᵢ·rowᵢ: the two loops, on products. */
  private coefficients(gamma: number): void {
    const { memory: m, held, newest, sy, yy, rho, alpha, along, numbers, productsAt, withGradient } = this;
    numbers.fill(0, productsAt, productsAt + this.rows);
    for (let k = 0; k < held; k++) {
      const i = (newest - k + m) % m; // newest first
      let product = withGradient[i]; // sᵢᵀq
      for (let l = 0; l < k; l++) {
        const j = (newest - l + m) % m;
        product -= alpha[j] * sy[i * m + j];
      }
      alpha[i] = rho[i] * product;
    }
    for (let k = held - 1; k >= 0; k--) {
      const i = (newest - k + m) % m; // oldest first
      let product = withGradient[m + i]; // yᵢᵀr
      for (let l = 0; l < held; l++) {
        const j = (newest - l + m) % m;
        product -= alpha[j] * yy[i * m + j];
      }
      product *= gamma;
      for (let l = held - 1; l > k; l--) {
        const j = (newest - l + m) % m;
        product += along[j] * sy[j * m + i];
      }
      along[i] = alpha[i] - rho[i] * product;
      numbers[productsAt + i] = along[i];
      numbers[productsAt + m + i] = -gamma * alpha[i];
    }
  }

  /** Adds the products of all rows with a block of v. */
  private addProducts(v: Float64Array, from: number, into: Float64Array): void {
    const { n, numbers, rows, rowLength, vectorAt, productsAt } = this;
    const length = Math.min(block, n - from);
    if (length === v.length) numbers.set(v, vectorAt);
    else for (let i = 0; i < length; i++) numbers[vectorAt + i] = v[from + i];
    if (length % 2 === 1) numbers[vectorAt + length] = 0; // the kernels take columns in twos
    this.kernel.dots(productsAt, from, vectorAt, rows, length + (length & 1), rowLength);
    for (let i = 0; i < rows; i++) into[i] += numbers[productsAt + i];
  }
}
