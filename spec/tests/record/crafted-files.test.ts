import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCheckpoint } from '../../../dashboard/record/checkpoint/index.js';
import { decodeSafetensors, encodeSafetensors } from '../../../dashboard/record/checkpoint/safetensors.js';

/** A safetensors file with this text as its header, as somebody else may write one. */
function file(header: string, numbers = 16, length = Buffer.byteLength(header)): Uint8Array {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([size, Buffer.from(header), Buffer.alloc(numbers)]);
}

const refusal = (bytes: Uint8Array): string => {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as Error).message;
  }
  return 'accepted';
};

const array = (from: string | number, to: string | number, shape = '[2]') =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${from},${to}]}`;

test('what JSON.parse passes over is refused in words', () => {
  const accepted = `{"a":${array(0, 8)},"b":${array(8, 16)}}`;
  expect(refusal(file(accepted))).toBe('accepted');
  expect(refusal(file(`${accepted}   `))).toBe('accepted');
  const twice = "safetensors: expected every name once, got 'a' twice";
  expect(refusal(file(`{"a":${array(0, 8)},"a":${array(8, 16)}}`))).toBe(twice);
  expect(refusal(file(`{"a":${array(0, 8)},"\\u0061" :${array(8, 16)}}`))).toBe(twice);
  expect(refusal(file(`{"a":{"dtype":"F32","dtype":"F64","shape":[2],"data_offsets":[0,16]}}`))).toContain(
    "'dtype' twice",
  );
  expect(refusal(file(`{"__metadata__":{"k":"1","k":"2"},"a":${array(0, 16, '[4]')}}`))).toContain(
    "'k' twice",
  );
  expect(refusal(file(`\uFEFF${accepted}`))).toBe("safetensors: expected a header that begins with '{'");
  expect(refusal(file(` ${accepted}`))).toBe("safetensors: expected a header that begins with '{'");
  for (const [from, to] of [
    [0, '16.0'],
    [0, '1.6e1'],
    ['-0', 16],
    [0, '0x10'],
    [0, 'null'],
  ]) {
    expect(refusal(file(`{"a":${array(from, to, '[4]')}}`))).toMatch(
      /of texts, lists, records and whole numbers/,
    );
  }
  expect(refusal(file(`{"a":${array(0, 16, '[[4]]')}}`))).toBe(
    'safetensors: expected a header that is nested 3 deep at most',
  );
  expect(refusal(file('['.repeat(1_000_000)))).toContain("begins with '{'");
  expect(refusal(file(`{"a":${'['.repeat(1_000_000)}`))).toContain('nested 3 deep at most');
  expect(refusal(file(`{"a":${array(0, 16, `[${2 ** 52},${2 ** 52},${2 ** 52}]`)}}`))).toContain(
    'can be counted',
  );
  expect(refusal(file(`{"a":${array(0, 2 ** 53, '[4]')}}`))).toContain('two offsets');
  expect(refusal(file(`{"a":{"dtype":{"toString":"F32"},"shape":[4],"data_offsets":[0,16]}}`))).toContain(
    'got none',
  );
  expect(refusal(file(accepted, 16, 2 ** 40))).toContain('a header that ends within');
  expect(refusal(Buffer.alloc(8, 0xff))).toContain('a header that ends within');
  expect(refusal(file(`{"\\u001b[2J${'x'.repeat(1e6)}":1}`)).length).toBeLessThan(200);
  expect(refusal(file(`{"\\u001b[2J":1}`))).toContain('\\u001b[2J');
  expect(decodeSafetensors(file(`{"__proto__":${array(0, 8)},"toString":${array(8, 16)}}`)).arrays.size).toBe(
    2,
  );
});

/** Entries as they may be, and what does not belong between them. */
const entry = fc
  .tuple(
    fc.constantFrom('"a"', '"\\u0061"', '"b"', '"__proto__"', '"__metadata__"'),
    fc.constantFrom(array(0, 8), array(8, 16), array(0, '8.0'), array(0, 8, '[2,1]'), '{"k":"1"}', '{"k":1}'),
  )
  .map(([name, value]) => `${name}:${value}`);
const stray = fc.constantFrom(...'{}[]:,"\\ 0', 'null', '1e1', '"a"', '\u0000', '"dtype":"F64",');

test('whatever the header, what is read is the one thing it says; all else is refused in words', () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), stray), { maxLength: 1 }),
      fc.constantFrom(0, 8, 16),
      (entries, strays, numbers) => {
        let text = `{${entries.join(',')}}`;
        for (const [place, what] of strays) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + what + text.slice(at);
        }
        let read: ReturnType<typeof decodeSafetensors>;
        try {
          read = decodeSafetensors(file(text, numbers));
        } catch (error) {
          expect((error as Error).message).toMatch(/^safetensors: expected /);
          return;
        }
        accepted++;
        const { __metadata__, ...said } = JSON.parse(text);
        expect([...read.arrays.keys()].sort()).toStrictEqual(Object.keys(said).sort());
        expect(text.match(/"dtype"/g) ?? []).toHaveLength(read.arrays.size); // none was passed over
        expect(decodeSafetensors(encodeSafetensors(read))).toStrictEqual(read);
      },
    ),
    { seed: 1, numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

/** A checkpoint's file with a right digest, whatever it says. */
function crafted(structure: string): Uint8Array {
  const sha256 = createHash('sha256').update(structure).digest('hex');
  return encodeSafetensors({
    arrays: new Map(),
    metadata: { fluxion: 'checkpoint', version: '1', structure, sha256 },
  });
}

test('a crafted checkpoint is refused in words, though its digest fits', () => {
  const words = /^checkpoint: expected the structure of one/;
  const names = [
    'version',
    'problem',
    'step',
    'pipeline',
    'slots',
    'array',
    'record',
    '__proto__',
    '$number',
  ];
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(null, 1, 'a', true),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.array(fc.tuple(fc.constantFrom(...names), tie('tree')), { maxLength: 3 }).map(Object.fromEntries),
    ),
  }));
  fc.assert(
    fc.property(tree, (structure) => {
      expect(() => decodeCheckpoint(crafted(JSON.stringify(structure)))).toThrow(words);
    }),
    { seed: 1, numRuns: 300 },
  );
  expect(() => decodeCheckpoint(crafted('{'))).toThrow(words);
  expect(() => decodeCheckpoint(crafted('['.repeat(200_000) + ']'.repeat(200_000)))).toThrow(words);
});
