import { type Code, unsigned, type ValueType } from './assembler.js';

/**
 * A function of a module. Its locals begin at 0, numbered on from its parameters, and are given out by `local`;
 * `indexOf` gives the index by which the functions of the module call each other, which is that of its type too.
 */
export interface FunctionCode {
  readonly parameters: readonly ValueType[];
  readonly result?: ValueType;
  body(local: (kind: ValueType) => number, indexOf: (name: string) => number): Code;
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

/** The same, for several threads. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** The part of WebAssembly's interface in use: TypeScript declares it with the browser's types only. */
interface WebAssemblyHost {
  readonly Memory: new (size: { initial: number; maximum?: number; shared?: boolean }) => object;
  readonly Module: new (bytes: Uint8Array) => object;
  validate(bytes: Uint8Array): boolean;
  readonly Instance: new (
    module: object,
    imports: { host: { memory: object } },
  ) => { readonly exports: unknown };
}

const host = () => (globalThis as unknown as { WebAssembly: WebAssemblyHost }).WebAssembly;

/** A memory of so many pages of 64 KiB. */
export function linearMemory(pages: number): LinearMemory {
  const { Memory } = host();
  return new Memory({ initial: pages }) as LinearMemory;
}

/** As many pages as addresses of 32 bits reach: 4 GiB. A shared memory must say how far it may grow. */
const mostPages = 65_536;

/** A memory of so many pages that threads may share; null where this engine or page allows none. */
export function sharedMemory(pages: number): SharedMemory | null {
  const { Memory } = host();
  try {
    const memory = new Memory({ initial: pages, maximum: mostPages, shared: true }) as SharedMemory;
    return memory.buffer instanceof SharedArrayBuffer ? memory : null;
  } catch {
    return null;
  }
}

/** Whether this engine takes these functions: some instructions are younger than WebAssembly. */
export function isValid(functions: FunctionCodes): boolean {
  return host().validate(assemble(functions));
}

const modules = { own: new WeakMap<object, object>(), shared: new WeakMap<object, object>() };

/** The functions as a module for a memory of this kind. The same functions are not compiled again. */
export function compiledModule(functions: FunctionCodes, shared: boolean): object {
  const { Module } = host();
  const made = shared ? modules.shared : modules.own;
  const module = made.get(functions) ?? new Module(assemble(functions, shared));
  made.set(functions, module);
  return module;
}

/**
 * The functions over this memory. The same functions over another one are not compiled again; a browser compiles
 * up to 4 KiB of code at once.
 */
export function compile<
  Exports extends { readonly [name in keyof Exports]: (...operands: number[]) => unknown },
>(functions: { readonly [name in keyof Exports]: FunctionCode }, memory: object): Exports {
  const { Instance } = host();
  const module = compiledModule(functions, isShared(memory));
  return new Instance(module, { host: { memory } }).exports as Exports;
}

/** Whether this `WebAssembly.Memory` may be shared by threads. */
export function isShared(memory: object): boolean {
  const { buffer } = memory as { buffer: object };
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}

/**
 * The bytes of a module that imports its memory as `host.memory`, a shared one if so asked, and exports every
 * function by its name. Its table holds all functions, each at its index.
 */
export function assemble(functions: FunctionCodes, shared = false): Uint8Array<ArrayBuffer> {
  const codes = Object.values(functions);
  const names = Object.keys(functions);
  const indices = codes.map((_, index) => unsigned(index));
  const types = codes.map(({ parameters, result }) => [
    0x60,
    list(parameters.map((kind) => [kind])),
    list(result === undefined ? [] : [[result]]),
  ]);
  const limits = shared ? [0x03, 0x01, unsigned(mostPages)] : [0x00, 0x01];
  const memory = [text('host'), text('memory'), 0x02, ...limits];
  const indexOf = (name: string): number => names.indexOf(name);
  const bytes: Code = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, list(types)),
    section(2, list([memory])),
    section(3, list(indices)),
    section(4, list([[0x70, 0x00, unsigned(codes.length)]])),
    section(7, list(names.map((name, index) => [text(name), 0x00, unsigned(index)]))),
    section(9, list([[0x00, 0x41, 0x00, 0x0b, list(indices)]])),
    section(10, list(codes.map((code) => bodyOf(code, indexOf)))),
  ];
  return Uint8Array.from(flattened(bytes));
}

function bodyOf({ parameters, body }: FunctionCode, indexOf: (name: string) => number): Code {
  const locals: ValueType[] = [];
  const instructions = body((kind) => parameters.length + locals.push(kind) - 1, indexOf);
  return sized([list(locals.map((kind) => [1, kind])), instructions, 0x0b]);
}

const list = (items: readonly Code[]): Code => [unsigned(items.length), items];
const section = (id: number, code: Code): Code => [id, sized(code)];
const text = (name: string): Code => list([...name].map((letter) => [letter.charCodeAt(0)]));

function sized(code: Code): Code {
  const bytes = flattened(code);
  return [unsigned(bytes.length), bytes];
}

/** Nested code as one row of bytes. */
function flattened(code: Code, into: number[] = []): number[] {
  for (let i = 0; i < code.length; i++) {
    const part = code[i];
    if (typeof part === 'number') into.push(part);
    else flattened(part, into);
  }
  return into;
}
