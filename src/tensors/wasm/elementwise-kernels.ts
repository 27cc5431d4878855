import { type Code, f32x4, get, i32, loopWhile, set, step, type, v128 } from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { exponential } from './exponential.js';
import { across, type Lanes, numberAt, wordAt } from './lanes.js';

const { i32: int, v128: four } = type;

/** What a formula may use besides its entries: the two numbers, in all lanes, and registers of its own. */
interface Registers {
  readonly a: Code;
  readonly b: Code;
  readonly t: number;
  readonly u: number;
  readonly v: number;
  readonly w: number;
}
type Formula = (x: Code, y: Code, registers: Registers) => Code;

/** Bytes of one item of work. */
export const blockBytes = 4096;

/** The words of a job over entries of equal position: addresses of x, y and the result, the length in bytes. */
const [ofX, ofY, ofResult, ofBytes] = [0, 1, 2, 3];

/** A kernel over float32 entries: `formula` says what to make of xᵢ and yᵢ. */
const elementwise = (formula: Formula): FunctionCode => ({
  parameters: [int, int, int, int],
  body(local) {
    const [job, first, end] = [0, 1, 2];
    const [x, y, result, bytes, i] = Array.from({ length: 5 }, () => local(int));
    const [a, b, t, u, v, w] = Array.from({ length: 6 }, () => local(four));
    const whole = i32.mul(get(end), i32.const(blockBytes));
    return [
      set(x, wordAt(job, ofX)),
      set(y, wordAt(job, ofY)),
      set(result, wordAt(job, ofResult)),
      set(bytes, i32.select(whole, wordAt(job, ofBytes), i32.lessThan(whole, wordAt(job, ofBytes)))),
      set(a, numberAt(job, 0)),
      set(b, numberAt(job, 1)),
      ...across(i, i32.mul(get(first), i32.const(blockBytes)), bytes, ({ load, store }) => [
        store(result, formula(load(x), load(y), { a: get(a), b: get(b), t, u, v, w })),
      ]),
    ].flat();
  },
});

/**
 * The same over rows, each of x and y with a stride of its own, so that one row may serve for all; where y is
 * `one`, one entry serves for the whole row.
 *
 * Words: addresses of x, y and the result, bytes of a row, then the strides of x and y.
 */
const rowwise = (formula: Formula, one: boolean): FunctionCode => ({
  parameters: [int, int, int, int],
  body(local) {
    const [job, row, end] = [0, 1, 2];
    const [x, y, result, bytes, xRow, yRow, i] = Array.from({ length: 7 }, () => local(int));
    const [a, b, t, u, v, w] = Array.from({ length: 6 }, () => local(four));
    const at = (base: Code, stride: Code): Code => i32.add(base, i32.mul(get(row), stride));
    const registers = { a: get(a), b: get(b), t, u, v, w };
    return [
      set(bytes, wordAt(job, ofBytes)),
      set(xRow, wordAt(job, 4)),
      set(yRow, wordAt(job, 5)),
      set(a, numberAt(job, 0)),
      loopWhile(
        i32.lessThan(get(row), get(end)),
        set(x, at(wordAt(job, ofX), get(xRow))),
        set(y, at(wordAt(job, ofY), get(yRow))),
        set(result, at(wordAt(job, ofResult), get(bytes))),
        ...(one ? [set(b, f32x4.loadSplat(get(y)))] : []),
        ...across(i, i32.const(0), bytes, ({ load, store }: Lanes) => [
          store(result, formula(load(x), one ? get(b) : load(y), registers)),
        ]),
        step(row, i32.const(1)),
      ),
    ].flat();
  },
});

/** The polynomial Σ cₖ tᵏ by Horner's rule, the highest coefficient first. */
function polynomial(coefficients: readonly number[], at: Code): Code {
  const [highest, ...rest] = coefficients.map(f32x4.const);
  return rest.reduce((sum, coefficient) => f32x4.add(f32x4.mul(sum, at), coefficient), highest);
}

/**
 * tanh x ≈ x·P(x²)/Q(x²), x held to ±7.905, beyond which float32 rounds to 1 within 3·2⁻²³. NaN stays NaN.
 * Source of the coefficients: the rational minimax approximation of Eigen 3.4 (`generic_fast_tanh_float`).
 */
const tanh: Formula = (x, _, { t, u }) => {
  const bound = 7.905311107635498;
  const held = f32x4.max(f32x4.const(-bound), f32x4.min(f32x4.const(bound), x));
  const numerator = polynomial(
    [
      -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
      1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
    ],
    get(u),
  );
  const denominator = polynomial(
    [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3],
    get(u),
  );
  return [
    set(t, held),
    set(u, f32x4.mul(get(t), get(t))),
    f32x4.div(f32x4.mul(get(t), numerator), denominator),
  ].flat();
};

/** t where it is NaN, else all bits zero. */
const onlyNaN = (t: number): Code => v128.and(f32x4.notEqual(get(t), get(t)), get(t));

/** −1, 0 or 1; NaN stays NaN, by its bits. */
const sign: Formula = (x, _, { t }) => {
  const zero = f32x4.const(0);
  const side = (mask: Code, value: number): Code => v128.and(mask, f32x4.const(value));
  return [
    set(t, x),
    v128.or(
      v128.or(side(f32x4.greaterThan(get(t), zero), 1), side(f32x4.lessThan(get(t), zero), -1)),
      onlyNaN(t),
    ),
  ].flat();
};

/** dy where x > 0, NaN where x is, else 0. */
const reluGradient: Formula = (x, dy, { t }) =>
  [set(t, x), v128.or(v128.and(f32x4.greaterThan(get(t), f32x4.const(0)), dy), onlyNaN(t))].flat();

/** Of the argument of tanh in GELU, √(2/π)·(x + 0.044715x³). */
const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/**
 * e ← e^{−|w|} for w = 2√(2/π)·(x + 0.044715x³), x in register v: of it ½(1 + tanh(w/2)), the logistic function of w,
 * is made without cancellation on either side.
 */
const geluPower = ({ t, u, v, w: e }: Registers): Code[] => {
  const x = get(v);
  const argument = f32x4.mul(
    f32x4.mul(f32x4.const(2 * slope), x),
    f32x4.add(f32x4.const(1), f32x4.mul(f32x4.const(cubic), f32x4.mul(x, x))),
  );
  return exponential(v128.or(argument, f32x4.const(-0)), t, u, e); // the sign's bit set
};

/** σ(w) = 1/(1 + e), or e/(1 + e) where x < 0. */
const logistic = ({ v, w: e }: Registers): Code => {
  const below = f32x4.lessThan(get(v), f32x4.const(0));
  const numerator = v128.or(v128.and(get(e), below), v128.andNot(f32x4.const(1), below));
  return f32x4.div(numerator, f32x4.add(f32x4.const(1), get(e)));
};

/** x·σ(w) */
const gelu: Formula = (x, _, registers) =>
  [set(registers.v, x), ...geluPower(registers), f32x4.mul(get(registers.v), logistic(registers))].flat();

/** dy·(σ(w) + x·w′·e/(1 + e)²), w′ = 2√(2/π)·(1 + 3·0.044715x²). */
const geluGradient: Formula = (given, dy, registers) => {
  const e = get(registers.w);
  // Beyond ±16, where e is 0, x·w′ is held, so as not to become ∞.
  const held = get(registers.u);
  const steepness = f32x4.mul(
    f32x4.const(2 * slope),
    f32x4.add(f32x4.const(1), f32x4.mul(f32x4.const(3 * cubic), f32x4.mul(held, held))),
  );
  const sum = get(registers.t);
  const bend = f32x4.div(f32x4.mul(f32x4.mul(held, steepness), e), f32x4.mul(sum, sum));
  return [
    set(registers.v, given),
    ...geluPower(registers),
    set(registers.u, f32x4.max(f32x4.const(-16), f32x4.min(f32x4.const(16), get(registers.v)))),
    set(registers.t, f32x4.add(f32x4.const(1), e)),
    f32x4.mul(dy, f32x4.add(logistic(registers), bend)),
  ].flat();
};

/**
 * dy·b·(2w′ + x·w″ + x·w′²·(1 − 2σ)), dy times gelu″, with b = σ(1 − σ) = e/(1 + e)², w′ as above and
 * w″ = 12√(2/π)·0.044715x.
 */
const geluCurvature: Formula = (given, dy, registers) => {
  const e = get(registers.w);
  const held = get(registers.u);
  const steepness = f32x4.mul(
    f32x4.const(2 * slope),
    f32x4.add(f32x4.const(1), f32x4.mul(f32x4.const(3 * cubic), f32x4.mul(held, held))),
  );
  const change = f32x4.mul(f32x4.const(12 * slope * cubic), f32x4.mul(held, held)); // x·w″
  const balance = f32x4.sub(f32x4.const(1), f32x4.mul(f32x4.const(2), logistic(registers)));
  const sum = get(registers.t);
  const bend = f32x4.div(e, f32x4.mul(sum, sum));
  const steep = f32x4.add(
    f32x4.mul(f32x4.const(2), steepness),
    f32x4.add(change, f32x4.mul(held, f32x4.mul(f32x4.mul(steepness, steepness), balance))),
  );
  return [
    set(registers.v, given),
    ...geluPower(registers),
    set(registers.u, f32x4.max(f32x4.const(-16), f32x4.min(f32x4.const(16), get(registers.v)))),
    set(registers.t, f32x4.add(f32x4.const(1), e)),
    f32x4.mul(dy, f32x4.mul(bend, steep)),
  ].flat();
};

const [add, sub, mul, div]: Formula[] = [f32x4.add, f32x4.sub, f32x4.mul, f32x4.div];

/** Formulas over entries of one shape. a and b are the two numbers. */
export const elementwiseKernels = {
  /** a·x + b·y */
  combine: elementwise((x, y, { a, b }) => f32x4.add(f32x4.mul(a, x), f32x4.mul(b, y))),
  /** x + a */
  addNumber: elementwise((x, _, { a }) => f32x4.add(x, a)),
  /** a·x */
  mulNumber: elementwise((x, _, { a }) => f32x4.mul(x, a)),
  /** x/a */
  divNumber: elementwise((x, _, { a }) => f32x4.div(x, a)),
  max: elementwise(f32x4.max),
  min: elementwise(f32x4.min),
  /** max(x, a), then min(…, b) */
  clip: elementwise((x, _, { a, b }) => f32x4.min(f32x4.max(x, a), b)),
  sqrt: elementwise(f32x4.sqrt),
  sign: elementwise(sign),
  tanh: elementwise(tanh),
  /** The gradient y at relu x, by x. */
  reluGradient: elementwise(reluGradient),
  gelu: elementwise(gelu),
  /** dy, y here, at gelu x. */
  geluGradient: elementwise(geluGradient),
  /** y times gelu″ of x. */
  geluCurvature: elementwise(geluCurvature),
  add: elementwise(add),
  sub: elementwise(sub),
  mul: elementwise(mul),
  div: elementwise(div),
};

/** Formulas over rows. */
export const rowwiseKernels = {
  addRow: rowwise(add, false),
  subRow: rowwise(sub, false),
  mulRow: rowwise(mul, false),
  divRow: rowwise(div, false),
  addOne: rowwise(add, true),
  subOne: rowwise(sub, true),
  mulOne: rowwise(mul, true),
  divOne: rowwise(div, true),
};
