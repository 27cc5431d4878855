import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encodeCheckpoint,
  namedArrays,
  readCheckpoint,
  readParameters,
  writeCheckpoint,
  writeParameters,
} from '../../../dashboard/record/checkpoint/index.js';
import { decodeSafetensors, encodeSafetensors } from '../../../dashboard/record/checkpoint/safetensors.js';
import {
  float64,
  restore,
  type Saved,
  SavedArray,
  type State,
  save,
  savedArray,
} from '../../../src/index.js';
import type { Checkpoint } from '../../../streams/checkpoint.js';
import { anyNumber, directory } from './run-events.js';

const anyArray = fc.array(fc.nat(3), { maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, n) => product * n, 1);
  const numbers = fc.array(anyNumber, { minLength: length, maxLength: length });
  return fc
    .tuple(numbers, fc.boolean())
    .map(([x, double]) => new SavedArray(shape, double ? Float64Array.from(x) : Float32Array.from(x)));
});

const anyKey = fc.oneof(
  fc.constantFrom('w', 'w/b', '~', 'array', 'record', '$number', '__proto__', '__metadata__', '0'),
  fc.string(),
);

const { saved: anySaved } = fc.letrec<{ saved: Saved }>((tie) => ({
  saved: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'saved' },
    anyArray,
    anyNumber,
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('saved'), { maxLength: 3 }),
    fc.array(fc.tuple(anyKey, tie('saved')), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));

const anyCheckpoint: fc.Arbitrary<Checkpoint> = fc.record(
  {
    version: fc.constant(1 as const),
    problem: fc.string(),
    algebra: fc.constantFrom('float64', 'tensors'),
    step: fc.nat(),
    evaluations: fc.nat(),
    pipeline: fc.constant([{ name: 'momentum', options: { beta: 0.9 } }]),
    parameters: anySaved,
    slots: fc.array(anySaved, { maxLength: 3 }),
    random: fc.array(fc.integer()),
    batches: anySaved,
  },
  { noNullPrototype: true },
);

test('a checkpoint comes back exactly: NaN, ±∞, −0, float32, any names', () => {
  const file = join(directory(), 'a.safetensors');
  fc.assert(
    fc.property(anyCheckpoint, (checkpoint) => {
      writeCheckpoint(file, checkpoint);
      expect(readCheckpoint(file)).toStrictEqual(checkpoint);
    }),
    { seed: 1, numRuns: 200 },
  );
  expect(readdirSync(join(file, '..'))).toStrictEqual(['a.safetensors']); // nothing is left of writing
});

test('what was saved comes back from a structured clone and from JSON, bit for bit, and can be written', () => {
  const file = join(directory(), 'a.safetensors');
  const ways = { structuredClone, json: (value: unknown) => JSON.parse(JSON.stringify(value)) };
  fc.assert(
    fc.property(anySaved, fc.constantFrom<keyof typeof ways>('structuredClone', 'json'), (tree, way) => {
      float64.scope(() => {
        const saved = save(float64, restore(float64, tree));
        const back = ways[way](saved) as Saved;
        expect(save(float64, restore(float64, back) as State<never>)).toStrictEqual(saved);
        writeCheckpoint(file, { ...small, batches: back });
        const { batches } = readCheckpoint(file);
        expect(save(float64, restore(float64, batches) as State<never>)).toStrictEqual(saved);
      });
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('float32 stays float32, and large arrays are no trouble', () => {
  const numbers = Float32Array.from({ length: 100_000 }, (_, i) => 1 / (i - 7));
  const array = new SavedArray([numbers.length], numbers);
  expect(savedArray(JSON.parse(JSON.stringify(array)))).toStrictEqual(array);
  expect(savedArray(structuredClone(array))).toStrictEqual(array);
  expect(savedArray({ shape: [1, 2] })).toBe(undefined);
});

const small: Checkpoint = {
  version: 1,
  problem: 'quartic',
  algebra: 'float64',
  step: 3,
  evaluations: 4,
  pipeline: [{ name: 'momentum', options: { beta: 0.9 } }],
  parameters: { w: new SavedArray([2], Float64Array.of(1, Number.NaN)) },
  slots: [{ velocity: { w: new SavedArray([2], Float32Array.of(-0, 1)) } }],
  random: [1, 2, 3, 4],
  batches: null,
};

test('a checkpoint cut short or changed in any byte is refused', () => {
  const file = join(directory(), 'a.safetensors');
  const bytes = encodeCheckpoint(small);
  for (let length = 0; length < bytes.length; length++) {
    writeFileSync(file, bytes.subarray(0, length));
    expect(() => readCheckpoint(file)).toThrow(RangeError);
  }
  writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(1)]));
  expect(() => readCheckpoint(file)).toThrow(/expected \d+ bytes of numbers, got \d+/);
  const header = 8 + new DataView(bytes.buffer).getUint32(0, true);
  const blank = Buffer.from(bytes).lastIndexOf('}', header) + 1; // spaces may become other blanks
  for (let at = 0; at < bytes.length; at++) {
    if (at >= blank && at < header) continue;
    const changed = bytes.slice();
    changed[at] ^= 1 << (at % 8);
    writeFileSync(file, changed);
    let read: Checkpoint | undefined;
    try {
      read = readCheckpoint(file);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
    if (read !== undefined) expect(read).toStrictEqual(small); // a byte that says the same, as e in 1e3
  }
});

test('law 90: foreign files and other versions are refused with what was expected', () => {
  const file = join(directory(), 'a.safetensors');
  const refused = (bytes: string | Uint8Array) => {
    writeFileSync(file, bytes);
    return expect(() => readCheckpoint(file));
  };
  refused('').toThrow('8 bytes at least, got 0');
  refused('PK\u0003\u0004 a zip file').toThrow('a header that ends within');
  writeParameters(file, small.parameters);
  refused(readFileSync(file)).toThrow('expected a checkpoint, got other safetensors');
  const arrays = new Map<string, SavedArray>();
  refused(encodeSafetensors({ arrays, metadata: { fluxion: 'checkpoint', version: '2' } })).toThrow(
    'written in version 2, but this version reads 1',
  );
});

test('parameters are written under their paths', () => {
  const file = join(directory(), 'a.safetensors');
  const w = new SavedArray([1, 2], Float32Array.of(1, 2));
  const b = new SavedArray([], Float64Array.of(3));
  writeParameters(file, { layers: [{ w }, { b, 'a/b': b }], note: 'kept out' });
  expect([...readParameters(file)]).toStrictEqual([
    ['layers/1/b', b],
    ['layers/1/a~1b', b],
    ['layers/0/w', w],
  ]);
  expect([...namedArrays(w)]).toStrictEqual([['value', w]]);
  expect(() => writeParameters(file, { __metadata__: w })).toThrow("'__metadata__' cannot be the name");
  expect(readParameters(file).size).toBe(3); // the old file is still there
});

test('the rules of the format are checked', () => {
  const encoded = (header: unknown, numbers = 16) => {
    const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeUInt32LE(json.length);
    return Buffer.concat([length, json, Buffer.alloc(numbers)]);
  };
  const array = (from: number, to: number, dtype = 'F32', shape = [(to - from) / 4]) => ({
    dtype,
    shape,
    data_offsets: [from, to],
  });
  const refusal = (header: unknown, numbers?: number) =>
    expect(() => decodeSafetensors(encoded(header, numbers)));
  expect(decodeSafetensors(encoded({ b: array(8, 16), a: array(0, 8) })).arrays.size).toBe(2);
  refusal({ a: array(0, 8), b: array(12, 16) }).toThrow("'b' to begin at 8 without gap or overlap, got 12");
  refusal({ a: array(0, 8), b: array(4, 16) }).toThrow("'b' to begin at 8 without gap or overlap, got 4");
  refusal({ a: array(0, 8) }).toThrow('8 bytes of numbers, got 16');
  refusal({ a: array(0, 32) }).toThrow('cut short');
  refusal({ a: array(0, 16, 'BF16') }).toThrow("'a' to be of F32 or F64, got 'BF16'");
  refusal({ a: array(0, 16, 'toString') }).toThrow("got 'toString'");
  refusal({ a: array(0, 16, 'F32', [-4]) }).toThrow('lists, records and whole numbers, got "-"');
  refusal({ a: array(0, 16, 'F32', [3]) }).toThrow("12 bytes for 'a', got 16");
  refusal({ a: { ...array(0, 16), data_offsets: [0] } }).toThrow("'a' to have two offsets");
  refusal({ a: null }).toThrow('whole numbers, got "n"');
  refusal({ a: [] }).toThrow("'a' to be of F32 or F64, got none");
  refusal({ __metadata__: { step: 1 }, a: array(0, 16) }).toThrow('__metadata__ to hold texts');
  refusal([]).toThrow("a header that begins with '{'");
  refusal('{').toThrow('a header in JSON');
});
