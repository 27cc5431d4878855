import * as tf from '@tensorflow/tfjs';
import { addProduct, type MatrixProduct } from './operations/add-product.js';

/**
 * The derivatives of a sum by what a tape holds, while they are gathered from its end to its beginning. Each is freed
 * once it is taken: all of them together are as large as the tape.
 */
export class Cotangents {
  readonly #known = new Map<number, tf.Tensor>();
  readonly #uses = new Map<tf.Tensor, number>();

  /** @param lent arrays that are not freed here, though a derivative may be one of them */
  constructor(lent: readonly tf.Tensor[]) {
    for (const tensor of lent) this.hold(tensor);
  }

  of({ id, shape }: tf.Tensor): tf.Tensor | null {
    const own = this.#known.get(id);
    if (own === undefined) return null;
    if (own.rank < shape.length) this.#set(id, tf.broadcastTo(own, shape));
    return this.#known.get(id)!;
  }

  /**
   * Adds a part of the derivative by x: where that part is a product of matrices, in the pass that multiplies. Of a part
   * whose rows are all the same, one row is enough.
   */
  add({ id }: tf.Tensor, part: () => tf.Tensor, product?: MatrixProduct): void {
    const before = this.#known.get(id);
    if (before === undefined) this.#set(id, tf.tidy(part));
    else this.#set(id, product ? addProduct(before, product) : tf.tidy(() => tf.add(before, part())));
  }

  /** Forgets the derivative by x. */
  take({ id }: Pick<tf.Tensor, 'id'>): void {
    const own = this.#known.get(id);
    this.#known.delete(id);
    if (own !== undefined) this.#letGo(own);
  }

  /** Keeps an array from being freed. */
  hold(tensor: tf.Tensor): void {
    this.#uses.set(tensor, (this.#uses.get(tensor) ?? 0) + 1);
  }

  #set(id: number, derivative: tf.Tensor): void {
    this.hold(derivative);
    this.take({ id });
    this.#known.set(id, derivative);
  }

  #letGo(tensor: tf.Tensor): void {
    const left = this.#uses.get(tensor)! - 1;
    if (left > 0) this.#uses.set(tensor, left);
    else {
      this.#uses.delete(tensor);
      tensor.dispose();
    }
  }
}
