import fc from 'fast-check';
import { identity, inner, outer, plus, times } from '../oracles/dense/matrices.js';
import { dyadicVector, nonzeroVector } from './dyadic.js';

/** What a positive definite model is made of: B = JᵀJ + δD², or what BFGS makes of θI by pairs with y = (JᵀJ + δD²)s. */
export interface BoxModel {
  readonly n: number;
  /** m×n, row-major. */
  readonly jacobian: Float64Array;
  readonly delta: number;
  /** The diagonal of D. */
  readonly scale: Float64Array;
  /** The diagonal of E, added along paths by those that are told a matrix. */
  readonly added: Float64Array;
  readonly theta: number;
  /** The newest last. */
  readonly pairs: readonly (readonly [s: Float64Array, y: Float64Array])[];
  /** So many of the newest are kept. */
  readonly memory: number;
  /** JᵀJ + δD², row-major. */
  readonly squares: Float64Array;
}

/** Models of 1 … 4 variables. Shrinks to one of one variable and no pairs. */
export function boxModels(): fc.Arbitrary<BoxModel> {
  const power = fc.integer({ min: -2, max: 2 }).map((k) => 2 ** k);
  return fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(2)).chain(([n, more]) => {
    const m = n + more;
    const powers = fc.array(power, { minLength: n, maxLength: n });
    return fc
      .record({
        jacobian: dyadicVector(m * n),
        delta: fc.constantFrom(1, 0.25),
        scale: powers,
        added: fc.array(fc.constantFrom(0, 0, 1, 4), { minLength: n, maxLength: n }),
        theta: power,
        steps: fc.array(nonzeroVector(n), { maxLength: 3 }),
      })
      .map(({ steps, ...drawn }) => {
        const given = {
          ...drawn,
          jacobian: Float64Array.from(drawn.jacobian),
          scale: Float64Array.from(drawn.scale),
        };
        const squares = Float64Array.from({ length: n * n }, (_, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          let sum = i === j ? given.delta * given.scale[i] ** 2 : 0;
          for (let k = 0; k < m; k++) sum += given.jacobian[k * n + i] * given.jacobian[k * n + j];
          return sum;
        });
        const pairs = steps.map((s) => [Float64Array.from(s), times(squares, s)] as const);
        return { ...given, added: Float64Array.from(given.added), n, squares, pairs, memory: 2 };
      });
  });
}

/** B⁺ = B − Bs(Bs)ᵀ/sᵀBs + yyᵀ/sᵀy from θI, pair by pair. */
export function learntMatrix({ n, theta, pairs, memory }: BoxModel): Float64Array {
  let b: Float64Array = identity(n).map((entry) => theta * entry);
  for (const [s, y] of pairs.slice(-memory)) {
    const bs = times(b, s);
    b = plus(plus(b, outer(bs, bs), -1 / inner(s, bs)), outer(y, y), 1 / inner(s, y));
  }
  return b;
}
