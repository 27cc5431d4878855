import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as fluxion from '../../../src/index.js';
import { correctDigits, referenceSets } from './reference-sets.js';

const page = readFileSync(new URL('../../../docs/least-squares.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```ts\nimport [^\n]* from 'fluxion';\n(.*?)^```/gms)].map(
  ([, code]) => code,
);

/** What an example of the page prints. */
function printedBy(code: string): unknown[] {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const printed: unknown[] = [];
  const scope = { ...fluxion, console: { log: (...shown: unknown[]) => printed.push(...shown) } };
  new Function(...Object.keys(scope), `'use strict';\n${outputText}`)(...Object.values(scope));
  return printed;
}

test('the first example of docs/least-squares.md fits what NIST certifies', () => {
  const { certified, sumOfSquares } = referenceSets.find(({ name }) => name === 'BoxBOD')!;
  const [x, sum, kind] = printedBy(examples[0]) as [Float64Array, number, string];
  expect(correctDigits(x, certified)).toBeGreaterThan(9);
  expect(Math.abs(sum / sumOfSquares - 1)).toBeLessThan(1e-10);
  expect(kind).toBe('converged');
});

test('the second prints what it says', () => {
  const said = [...examples[1].matchAll(/\/\/ (\[.*)$/gm)].flatMap(([, numbers]) =>
    [...numbers.matchAll(/-?\d+(\.\d+)?/g)].map(([number]) => number),
  );
  const printed = (printedBy(examples[1]) as Float64Array[]).flatMap((x) => [...x]);
  expect(printed.length).toBe(said.length);
  said.forEach((number, i) => {
    const places = (number.split('.')[1] ?? '').length;
    expect(Math.abs(printed[i] - Number(number))).toBeLessThan(10 ** -places);
  });
});
