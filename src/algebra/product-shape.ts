/** What a product of matrices, or of two stacks of them, multiplies. */
export interface ProductShape {
  /** How many matrices; undefined where there is no stack. */
  readonly stack: number | undefined;
  readonly m: number;
  readonly inner: number;
  readonly n: number;
}

/**
 * The shape of a product, checked.
 *
 * @throws RangeError unless both are matrices, or stacks of as many, and their inner lengths agree
 */
export function productShape(
  where: string,
  x: readonly number[],
  y: readonly number[],
  transposeX: boolean,
  transposeY: boolean,
): ProductShape {
  const first = x.length - 2;
  if (x.length !== y.length || (first !== 0 && (first !== 1 || x[0] !== y[0]))) {
    throw new RangeError(
      `${where}.matmul: expected two matrices or stacks of as many, got shapes [${x}] and [${y}]`,
    );
  }
  const inner = x[transposeX ? first : first + 1];
  const innerY = y[transposeY ? first + 1 : first];
  if (inner !== innerY) {
    throw new RangeError(`${where}.matmul: inner lengths ${inner} and ${innerY} differ`);
  }
  const stack = first === 1 ? x[0] : undefined;
  return { stack, m: x[transposeX ? first + 1 : first], inner, n: y[transposeY ? first : first + 1] };
}
