import { type Code, unsigned, type ValueType } from './assembler.js';

/** A function of a module. Its locals begin at 0, numbered on from its parameters, and are given out by `local`. */
export interface FunctionCode {
  readonly parameters: readonly ValueType[];
  readonly result?: ValueType;
  body(local: (kind: ValueType) => number): Code;
}

/** Functions by the names they are exported under. */
export interface FunctionCodes {
  readonly [name: string]: FunctionCode;
}

/** A `WebAssembly.Memory`, as far as it is used. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of WebAssembly's interface in use: TypeScript declares it with the browser's types only. */
interface WebAssemblyHost {
  readonly Memory: new (size: { initial: number }) => LinearMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { host: { memory: object } },
  ) => { readonly exports: unknown };
}

const host = () => (globalThis as unknown as { WebAssembly: WebAssemblyHost }).WebAssembly;

/** A memory of so many pages of 64 KiB. */
export function linearMemory(pages: number): LinearMemory {
  const { Memory } = host();
  return new Memory({ initial: pages });
}

const modules = new WeakMap<object, object>();

/**
 * The functions over this memory. The same functions over another one are not compiled again; a browser compiles
 * up to 4 KiB of code at once.
 */
export function compile<
  Exports extends { readonly [name in keyof Exports]: (...operands: number[]) => unknown },
>(functions: { readonly [name in keyof Exports]: FunctionCode }, memory: object): Exports {
  const { Module, Instance } = host();
  const module = modules.get(functions) ?? new Module(assemble(functions));
  modules.set(functions, module);
  return new Instance(module, { host: { memory } }).exports as Exports;
}

/** The bytes of a module that imports its memory as `host.memory` and exports every function by its name. */
export function assemble(functions: FunctionCodes): Uint8Array<ArrayBuffer> {
  const codes = Object.values(functions);
  const types = codes.map(({ parameters, result }) => [
    0x60,
    ...list(parameters.map((kind) => [kind])),
    ...list(result === undefined ? [] : [[result]]),
  ]);
  const memory = [...text('host'), ...text('memory'), 0x02, 0x00, 0x01];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(2, list([memory])),
    ...section(3, list(codes.map((_, index) => unsigned(index)))),
    ...section(
      7,
      list(Object.keys(functions).map((name, index) => [...text(name), 0x00, ...unsigned(index)])),
    ),
    ...section(10, list(codes.map(code))),
  ]);
}

function code({ parameters, body }: FunctionCode): number[] {
  const locals: ValueType[] = [];
  const instructions = body((kind) => parameters.length + locals.push(kind) - 1);
  const bytes = [...list(locals.map((kind) => [1, kind])), ...instructions, 0x0b];
  return [...unsigned(bytes.length), ...bytes];
}

const list = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const section = (id: number, bytes: number[]): number[] => [id, ...unsigned(bytes.length), ...bytes];
const text = (name: string): number[] => list([...name].map((letter) => [letter.charCodeAt(0)]));
