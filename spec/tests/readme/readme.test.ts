import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);
const examples = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(
  ([, code]) => code,
);
const entrances = {
  fluxion: 'src/index.ts',
  'fluxion/transforms': 'src/transforms/index.ts',
  'fluxion/tensors': 'src/tensors/index.ts',
  'fluxion/streams': 'streams/index.ts',
  'fluxion/spec': 'spec/index.ts',
  'fluxion/dashboard': 'dashboard/index.ts',
};

describe('every example in README', () => {
  // Inside the project, so that TensorFlow.js and RxJS are the very copies that the sources use.
  mkdirSync(join(root, 'coverage'), { recursive: true });
  const folder = mkdtempSync(join(root, 'coverage', 'readme-'));
  const file = (i: number) => join(folder, `example-${i}.ts`);

  beforeAll(() => {
    examples.forEach((code, i) => void writeFileSync(file(i), code));
    const paths = Object.fromEntries(
      Object.entries(entrances).map(([name, path]) => [name, [join(root, path)]]),
    );
    const compilerOptions = {
      paths,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    };
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'], exclude: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the types it claims', async () => {
    const { code, output } = await run([require.resolve('typescript/bin/tsc'), '-p', folder], folder);
    expect(code, output).toBe(0);
  });

  it.each(examples.map((code, i) => [code.match(/^import .* from '(?!rxjs)(.*)'/m)?.[1], i]))(
    'runs to its end (%s, example %i)',
    async (_, i) => {
      const tsx = pathToFileURL(require.resolve('tsx')).href;
      const { code, output } = await run(['--import', tsx, file(i as number)], folder);
      expect(code, output).toBe(0);
    },
  );

  it('is there', () => expect(examples.length).toBeGreaterThanOrEqual(3));
});

function run(args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => done({ code, output: output.slice(-4_000) }));
  });
}
