import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as argument from '../../../src/algebra/argument.js';
import { flatten } from '../../../src/algebra/flatten.js';
import { intercept } from '../../../src/algebra/intercept.js';
import * as option from '../../../src/algebra/option.js';
import * as fluxion from '../../../src/index.js';
import { composed } from '../../arbitraries/composed.js';
import * as gallery from '../../gallery.js';
import * as spec from '../../index.js';
import { mutants } from '../../mutants/index.js';

/** What the examples speak of besides the exports. */
const given = () => ({
  parameters: { w: fluxion.float64.array([1, 2], [2]) },
  update: { w: fluxion.float64.array([3, 4], [2]) },
});

/** Every `@example` in a folder, with its file. */
function examples(folder: string): [file: string, code: string][] {
  const at = new URL(`../../../${folder}/`, import.meta.url);
  const files = readdirSync(at, { withFileTypes: true }).filter((file) => file.name.endsWith('.ts'));
  return files.flatMap(({ name }) => {
    const text = readFileSync(new URL(name, at), 'utf8');
    return [...text.matchAll(/@example([\s\S]*?)\n? \*(?:\/| @)/g)].map(([, body]): [string, string] => [
      `${folder}/${name}`,
      body.replaceAll(/\n \* ?/g, '\n').trim(),
    ]);
  });
}

/** A module of its own, which describes tests: `describeLaws` is tried by spec/tests/check. */
const isModule = ([, code]: [file: string, code: string]) => code.startsWith('import ');

const found = ['src/algebra', 'spec', 'spec/laws', 'spec/subjects', 'spec/arbitraries']
  .flatMap(examples)
  .filter((example) => !isModule(example));

test('examples were found', () => {
  expect(found.length).toBeGreaterThan(10);
});

test.each(found)('the example of %s runs', (_, code) => {
  const log: unknown[] = [];
  const scope = {
    ...argument,
    ...option,
    composed,
    flatten,
    intercept,
    ...spec,
    ...gallery,
    mutants,
    ...fluxion,
    console: { log: (x: unknown) => log.push(x) },
  };
  const names = { ...scope, ...given() };
  const run = (body: string) => new Function(...Object.keys(names), body)(...Object.values(names));
  const lines = code.split('\n');
  const last = lines.pop()!;
  const [expression, comment] = last.split(' // ');
  const whole = [...lines, `return ${expression.replace(/;$/, '')}`].join('\n');
  if (comment?.startsWith('throws')) {
    expect(() => run(whole)).toThrow(comment.replace(/^throws:? ?/, ''));
    return;
  }
  const result = run(last.startsWith('const') ? code : whole);
  if (comment !== undefined && /^[\d'"[{]|^(true|false)/.test(comment)) {
    const list = result instanceof Float64Array ? [...result] : result;
    expect(list).toEqual(new Function(`return (${comment})`)());
  }
});
