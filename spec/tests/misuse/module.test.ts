import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { fluxion, temporaryFolder } from '../cli/run-cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe('a module of the user’s', () => {
  const modules: readonly [string, string, string][] = [
    [
      'throws.ts',
      `interface Point { x: number }

const value = (x: Float64Array & { at0?: { b: number } }): number => {
  const first: Point = { x: x[0] };
  return first.x + x.at0!.b;
};
export default { name: 'throws', start: [1, 2], value };
`,
      '(at throws.ts:5)',
    ],
    [
      'fails.mjs',
      "const found = () => { throw new Error('no data'); };\n\nexport default found();\n",
      '(at fails.mjs:1)',
    ],
    ['syntax.ts', 'export default {\n  name: 3 4,\n};\n', 'syntax.ts:2:1'],
  ];

  it.each(modules)('is named with file and line where it fails: %s', async (name, code, place) => {
    writeFileSync(join(folder.path, name), code);
    const { code: exit, stderr } = await fluxion(
      ['race', `./${name}`, '--methods', 'bfgs', '--no-open'],
      folder.path,
    );
    expect(stderr).toContain(place);
    expect(stderr).not.toMatch(/^\s+at /m); // a sentence, no stack
    expect(exit).toBe(2);
  });
});

it('tells its version', async () => {
  const { stdout, code } = await fluxion(['--version'], folder.path);
  expect([stdout.trim(), code]).toEqual([packageJson.version, 0]);
});
