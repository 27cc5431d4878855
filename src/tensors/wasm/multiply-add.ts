import { f32x4, get, type } from '../../wasm/assembler.js';
import { compile, isValid, linearMemory } from '../../wasm/module.js';

const { i32: int } = type;

/** probe(x, y, z): at z, x·y + z of what stands there, four float32 each. */
const probe = {
  probe: {
    parameters: [int, int, int],
    body: () =>
      f32x4.store(
        get(2),
        f32x4.relaxedMultiplyAdd(f32x4.load(get(0)), f32x4.load(get(1)), f32x4.load(get(2))),
      ),
  },
};

/**
 * Whether x·y + z is rounded once here, as a fused multiply-add does: tried, since an engine may lack the
 * instruction, and a processor without one rounds twice.
 *
 * (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴ exactly, and 0 where the square is rounded first.
 */
export function hasFusedMultiplyAdd(): boolean {
  if (!isValid(probe)) return false;
  const memory = linearMemory(1);
  const numbers = new Float32Array(memory.buffer);
  numbers.fill(1 + 2 ** -12, 0, 8).fill(-(1 + 2 ** -11), 8, 12);
  compile<{ probe(x: number, y: number, z: number): void }>(probe, memory).probe(0, 16, 32);
  return numbers.subarray(8, 12).every((entry) => entry === 2 ** -24);
}
