import { describe, expect, it } from 'vitest';
import { agreesWithFloat64 } from '../algebra/agreement.js';
import { cutsBoxes, refusesBoxes } from '../algebra/boxes.js';
import { jaxArrays } from './jax-arrays.js';

describe.each(['float32', 'float64'] as const)('jax-js in %s is an algebra', (kind) => {
  const algebra = jaxArrays(kind);

  agreesWithFloat64(algebra);

  it('cuts boxes out and puts them together', () => {
    const before = algebra.live();
    cutsBoxes(algebra);
    refusesBoxes(algebra);
    expect(algebra.live()).toBe(before);
  });
});
