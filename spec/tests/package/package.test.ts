import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');
const project = mkdtempSync(join(tmpdir(), 'fluxion-package-'));
const installed = join(project, 'node_modules/fluxion');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

/** Packs what was built, and unpacks it into an empty project beside the packages it depends on. */
describe('the packed package', () => {
  beforeAll(async () => {
    const built = join(root, 'dist/dashboard/learn/index.html'); // made last
    if (!existsSync(built)) await run('npm', ['run', 'build'], { cwd: root });
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: root });
    const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
    mkdirSync(installed, { recursive: true });
    await run('tar', ['xzf', join(project, tarball), '-C', installed, '--strip-components', '1']);
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(installed, 'package.json'), 'utf8'),
    );
    for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), '@types/node']) {
      const link = join(project, 'node_modules', name);
      mkdirSync(resolve(link, '..'), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), link);
    }
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it('gives every entrance its exports, and loads TensorFlow.js only where it is asked for', async () => {
    writeFileSync(
      join(project, 'entrances.mjs'),
      `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const loaded = () => Object.keys(require.cache).some((file) => file.includes('@tensorflow'));
const found = {};
for (const name of ['', '/transforms', '/streams', '/spec', '/dashboard', '/tensors']) {
  const exports = Object.keys(await import('fluxion' + name));
  found['fluxion' + name] = { exports, tfjs: loaded() };
}
console.log(JSON.stringify(found));
`,
    );
    const { stdout } = await run(process.execPath, ['entrances.mjs'], { cwd: project });
    const found = JSON.parse(stdout);
    const some = {
      fluxion: ['adam', 'gradientDescent', 'float64', 'rosenbrock', 'fromFunction', 'catalogue'],
      'fluxion/transforms': ['chain', 'momentum', 'learningRate', 'clipByNorm'],
      'fluxion/tensors': ['mnist', 'mlp', 'classification', 'tensors', 'useBackend', 'diagnose'],
      'fluxion/streams': ['train', 'batches', 'gradient', 'lift', 'momentum', 'Control', 'snapshot'],
      'fluxion/spec': ['check', 'laws', 'subjectOf', 'mutants'],
      'fluxion/dashboard': ['watch', 'startDashboard', 'readLog', 'RunLog'],
    };
    for (const [name, exports] of Object.entries(some)) {
      expect(found[name].exports).toEqual(expect.arrayContaining(exports));
      expect([name, found[name].tfjs]).toEqual([name, name === 'fluxion/tensors']);
    }
  });

  it('has types for every entrance', async () => {
    writeFileSync(
      join(project, 'types.ts'),
      `import { adam, type Method } from 'fluxion';
import { watch } from 'fluxion/dashboard';
import { check } from 'fluxion/spec';
import { describeLaws } from 'fluxion/spec/vitest';
import { train, type Frame } from 'fluxion/streams';
import { mlp, tensors } from 'fluxion/tensors';
import { momentum, type Transform } from 'fluxion/transforms';
export const method: Method = adam({ learningRate: 0.01 });
export const part: Transform = momentum(0.9);
// @ts-expect-error the option is called learningRate
adam({ learningrate: 0.01 });
export { check, describeLaws, type Frame, mlp, tensors, train, watch };
`,
    );
    const compilerOptions = {
      module: 'nodenext',
      strict: true,
      noEmit: true,
      target: 'es2022',
      types: ['node'],
    };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: ['types.ts'] }),
    );
    await run(bin('tsc'), ['-p', project], { cwd: project });
  });

  it('runs its command', async () => {
    const main = join(installed, 'dist/dashboard/main.js');
    const args = ['race', 'booth', '--methods', 'newton', '--steps', '2', '--json', '--no-open'];
    const { stdout } = await run(process.execPath, [main, ...args], { cwd: project });
    const lines = stdout.trimEnd().split('\n');
    const [x, y] = JSON.parse(lines.at(-1)!).methods[0].x;
    expect(Math.hypot(x - 1, y - 3)).toBeLessThan(30 * 2 * 9 * 2 ** -52 * 12); // 30·n·κ·ε at ‖x‖ of the start
    const url = JSON.parse(lines[0]).url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(existsSync(join(installed, 'dist/dashboard/page/index.html'))).toBe(true);
    expect(existsSync(join(installed, 'dist/dashboard/learn/index.html'))).toBe(true);
  });

  it('pleases publint and are-the-types-wrong', async () => {
    await run(bin('publint'), ['--strict', '--pack', 'false', installed], { cwd: root });
    const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
    await run(bin('attw'), [join(project, tarball), '--profile', 'esm-only'], { cwd: root });
  });
});
