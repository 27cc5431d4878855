import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as fluxion from '../../../src/index.js';
import { correctDigits, referenceSets } from './reference-sets.js';

test('the example of docs/least-squares.md fits what NIST certifies', () => {
  const page = readFileSync(new URL('../../../docs/least-squares.md', import.meta.url), 'utf8');
  const [, code] = page.match(/^```ts\nimport .* from 'fluxion';\n(.*?)^```/ms)!;
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const printed: unknown[] = [];
  const scope = { ...fluxion, console: { log: (...shown: unknown[]) => printed.push(...shown) } };
  new Function(...Object.keys(scope), `'use strict';\n${outputText}`)(...Object.values(scope));
  const { certified, sumOfSquares } = referenceSets.find(({ name }) => name === 'BoxBOD')!;
  const [x, sum, kind] = printed as [Float64Array, number, string];
  expect(correctDigits(x, certified)).toBeGreaterThan(9);
  expect(Math.abs(sum / sumOfSquares - 1)).toBeLessThan(1e-10);
  expect(kind).toBe('converged');
});
