import { dot } from '../linalg/vector.js';
import type { Vectors } from './conjugate-gradient-steps.js';
import type { VectorOperator } from './vector-operator.js';

/** Vectors of n plain numbers, written over in place; those given back are used again. */
export class PlainVectors implements Vectors<Float64Array, VectorOperator> {
  private readonly spare: Float64Array[] = [];

  constructor(readonly n: number) {}

  copy(v: Float64Array): Float64Array {
    const result = this.take();
    for (let i = 0; i < v.length; i++) result[i] = v[i];
    return result;
  }

  zeros(): Float64Array {
    const result = this.take();
    for (let i = 0; i < result.length; i++) result[i] = 0;
    return result;
  }

  inner(u: Float64Array, v: Float64Array): number {
    return dot(u, v);
  }

  along(u: Float64Array, a: number, v: Float64Array, replaced: Float64Array): Float64Array {
    for (let i = 0; i < u.length; i++) replaced[i] = u[i] + a * v[i];
    return replaced;
  }

  apply(operator: VectorOperator, v: Float64Array): Float64Array {
    const result = this.take();
    operator.multiply(v, result);
    return result;
  }

  release(v: Float64Array): void {
    this.spare.push(v);
  }

  private take(): Float64Array {
    return this.spare.pop() ?? new Float64Array(this.n);
  }
}
