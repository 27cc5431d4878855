/** A function of one variable, with its first two derivatives. */
export interface Elementary {
  value(u: number): number;
  /** g′ and g″ at u, where g(u) is known. */
  slopes(u: number, value: number): readonly [number, number];
}

/** The functions that an expression may call, by name. */
export const elementary: ReadonlyMap<string, Elementary> = new Map<string, Elementary>([
  ['exp', { value: Math.exp, slopes: (_, v) => [v, v] }],
  ['log', { value: Math.log, slopes: (u) => (u < 0 ? [Number.NaN, Number.NaN] : [1 / u, -1 / (u * u)]) }],
  ['ln', { value: Math.log, slopes: (u) => (u < 0 ? [Number.NaN, Number.NaN] : [1 / u, -1 / (u * u)]) }],
  ['sqrt', { value: Math.sqrt, slopes: (u, v) => [0.5 / v, -0.25 / (u * v)] }],
  ['sin', { value: Math.sin, slopes: (u, v) => [Math.cos(u), -v] }],
  ['cos', { value: Math.cos, slopes: (u, v) => [-Math.sin(u), -v] }],
  ['tan', { value: Math.tan, slopes: (_, v) => [1 + v * v, 2 * v * (1 + v * v)] }],
  ['atan', { value: Math.atan, slopes: (u) => [1 / (1 + u * u), (-2 * u) / (1 + u * u) ** 2] }],
  ['sinh', { value: Math.sinh, slopes: (u, v) => [Math.cosh(u), v] }],
  ['cosh', { value: Math.cosh, slopes: (u, v) => [Math.sinh(u), v] }],
  // 1 − tanh² loses all digits where tanh is near ±1.
  ['tanh', { value: Math.tanh, slopes: (u, v) => [Math.cosh(u) ** -2, -2 * v * Math.cosh(u) ** -2] }],
  // At its kink: the middle of the slopes on both sides.
  ['abs', { value: Math.abs, slopes: (u) => [Math.sign(u), 0] }],
]);

/** The names of constants. */
export const constants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['π', Math.PI],
  ['e', Math.E],
]);
