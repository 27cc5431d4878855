import { type Code, f32x4, get, i32, i32x4, loopWhile, set, step, v128 } from '../../wasm/assembler.js';
import { place } from './team-kernels.js';

/** A 32-bit word of a job, by its position. */
export const wordAt = (job: number, position: number): Code => i32.load(get(job), 4 * position);
/** A float32 of a job, in all lanes. */
export const numberAt = (job: number, position: number): Code =>
  f32x4.loadSplat(get(job), place.numbers - place.words + 4 * position);

/** How entries at the current place of rows are read and written: four of them, or one in all lanes. */
export interface Lanes {
  load(row: number): Code;
  store(row: number, value: Code): Code;
  /** The value in the lanes that count, else 0: for sums. */
  counted(value: Code): Code;
}

/** A loop over the bytes from `first` to `bytes` of rows, i the place within them: by fours, then by ones. */
export function across(
  i: number,
  first: Code,
  bytes: number,
  body: (lanes: Lanes) => readonly Code[],
): Code[] {
  const at = (row: number): Code => i32.add(get(row), get(i));
  const pass = (width: number, lanes: Lanes): Code =>
    loopWhile(
      i32.unsignedAtMost(i32.add(get(i), i32.const(width)), get(bytes)),
      ...body(lanes),
      step(i, i32.const(width)),
    );
  return [
    set(i, first),
    pass(16, {
      load: (row) => f32x4.load(at(row)),
      store: (row, value) => f32x4.store(at(row), value),
      counted: (value) => value,
    }),
    pass(4, {
      load: (row) => f32x4.loadSplat(at(row)),
      store: (row, value) => f32x4.storeFirst(at(row), value),
      counted: (value) => v128.and(value, i32x4.const(-1, 0, 0, 0)),
    }),
  ];
}

/** Combines the four lanes, so that each holds the result. */
export function combined(register: number, by: (x: Code, y: Code) => Code): Code[] {
  const turned = (lanes: readonly number[]): Code => f32x4.shuffle(get(register), get(register), lanes);
  return [
    set(register, by(get(register), turned([2, 3, 0, 1]))),
    set(register, by(get(register), turned([1, 0, 3, 2]))),
  ];
}
