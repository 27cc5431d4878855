import fc from 'fast-check';
import { times } from '../oracles/dense/matrices.js';
import type { BoxModel } from '../subjects/second-order/subject.js';
import { dyadicVector, nonzeroVector } from './dyadic.js';

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
        steps: fc.array(nonzeroVector(n), { maxLength: n }),
        memory: fc.constantFrom(2, 3),
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
        return { ...given, added: Float64Array.from(given.added), n, squares, pairs };
      });
  });
}
