import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitted, wrapped } from '../../../dashboard/cli/terminal/fitted.js';
import { table } from '../../../dashboard/cli/terminal/table.js';

const cell = fc.oneof(
  fc.double({ noNaN: true }).map(String),
  fc.nat().map((n) => `step ${n}/5000`),
  fc.constantFrom('adam', 'momentum(beta=0.95)', 'loss 1.25e-7', '97.25 %', ''),
);

test('a line fits its columns, and every number in it is one of the whole line', () => {
  fc.assert(
    fc.property(
      fc.array(cell, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 90 }),
      (cells, columns) => {
        const line = table([cells], [0]);
        const shown = fitted(line, columns);
        expect(shown.length).toBeLessThanOrEqual(Math.max(columns, 1));
        if (line.length <= columns) expect(shown).toBe(line);
        const numbers = (text: string) => text.match(/[-+]?\d[\d.e+-]*/g) ?? [];
        for (const number of numbers(shown)) expect(numbers(line)).toContain(number);
      },
    ),
    { seed: 1, numRuns: 2000 },
  );
  expect(fitted('adam  step 123/500  loss 0.0914', 20)).toBe('adam  step 123/500…');
  expect(fitted('adam  step 123/500  loss 0.0914', 17)).toBe('adam…');
});

test('text is broken at spaces alone, and fits wherever its words do', () => {
  const word = fc.string({ minLength: 1, maxLength: 14 }).map((text) => text.replaceAll(/\s/g, '_'));
  const line = fc.tuple(fc.nat(8), fc.array(word, { maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), fc.integer({ min: 30, max: 100 }), (lines, columns) => {
      const text = lines.map(([indent, words]) => ' '.repeat(indent) + words.join(' ')).join('\n');
      const broken = wrapped(text, columns);
      expect(broken.split(/\s+/).join(' ').trim()).toBe(text.split(/\s+/).join(' ').trim());
      for (const one of broken.split('\n')) expect(one.trimEnd().length).toBeLessThanOrEqual(columns);
    }),
    { seed: 1, numRuns: 500 },
  );
});
