import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { browser, dependencies, peerDependencies } = JSON.parse(read('package.json'));

/** Files that only Node can run: `node-*.ts`, workers' own entrances aside, which nothing imports. */
const nodeOnly = ['src', 'streams'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)node-[^/]*\.ts$/.test(file) && !file.endsWith('-worker.ts'))
    .map((file) => join(folder, file)),
);

describe('in a browser', () => {
  it('every file that needs Node is left out by bundlers', () => {
    const left = nodeOnly.map((file) => `./dist/${file.replace(/ts$/, 'js')}`).sort();
    expect(left.length).toBeGreaterThan(5);
    expect(Object.keys(browser).sort()).toEqual(left);
    for (const file of Object.keys(browser)) expect(browser[file]).toBe(false);
  });

  describe.each(['src', 'src/transforms', 'src/tensors', 'streams'])('%s', (folder) => {
    const warnings: string[] = [];
    let code = '';
    beforeAll(async () => {
      // As its user's bundler sees it: the built files' names lead to the sources here.
      const outside = new Set(nodeOnly.map((file) => join(root, file)));
      const output = await build({
        configFile: false,
        logLevel: 'silent',
        root,
        plugins: [
          {
            name: 'browser field',
            enforce: 'pre',
            async resolveId(source, importer) {
              if (importer === undefined || !source.startsWith('.')) return null;
              const file = resolve(importer, '..', source).replace(/js$/, 'ts');
              return outside.has(file) ? '\0left out' : null;
            },
            load: (id) => (id === '\0left out' ? 'export default {};' : null),
          },
        ],
        build: {
          write: false,
          minify: false,
          target: 'es2023',
          lib: { entry: join(root, folder, 'index.ts'), formats: ['es'], fileName: 'bundle' },
          rollupOptions: { onwarn: ({ message }) => void warnings.push(message) },
        },
      });
      const chunks = [output].flat().flatMap((one) => ('output' in one ? one.output : []));
      code = chunks.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
    });

    it('is bundled without a built-in of Node', () => {
      expect(warnings.filter((message) => message.includes('node:'))).toEqual([]);
      expect(code.length).toBeGreaterThan(10_000);
      expect(code).not.toMatch(/(from|import\(|require\()\s*["'`]node:/);
    });
  });
});

it('README’s install line has what its examples import, for installers that hide the rest', () => {
  const readme = read('README.md');
  const installed = readme.match(/`npm install ([^`]*)`/)![1].split(' ');
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code).join('\n');
  const imported = [...examples.matchAll(/from '((?:@[^/']*\/)?[^/']*)/g)].map(([, name]) => name);
  expect(imported).toContain('rxjs');
  for (const name of imported) expect(installed, name).toContain(name);
  const known = Object.keys({ ...dependencies, ...peerDependencies });
  for (const name of new Set(imported)) if (name !== 'fluxion') expect(known).toContain(name);
});
