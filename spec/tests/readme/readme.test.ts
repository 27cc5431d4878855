import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformWithOxc } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiledPackage } from '../compiled.js';

const root = resolve(import.meta.dirname, '../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
/** A line that prints, and what README says that it prints. */
const printing = /^console\.log\((.*)\); \/\/ (.*)$/gm;
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
    examples.forEach((code, i) => {
      let claims = 0;
      const marked = code.replace(printing, (_, what) => `console.log('claim ${claims++}:', ${what});`);
      writeFileSync(file(i), marked);
    });
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
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(compiledPackage, join(folder, 'node_modules/fluxion'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the types it claims', async () => {
    const { code, output } = await run([join(root, 'node_modules/.bin/tsgo'), '-p', folder], folder);
    expect(code, output).toBe(0);
  });

  it.each(examples.map((code, i) => [code.match(/^import .* from '(?!rxjs)(.*)'/m)?.[1], i]))(
    'runs to its end and prints what is said of it (%s, example %i)',
    async (_, i) => {
      const example = file(i as number).replace(/ts$/, 'js');
      const script = await transformWithOxc(readFileSync(file(i as number), 'utf8'), example, {
        lang: 'ts',
        tsconfig: false,
      });
      writeFileSync(example, script.code);
      const { code, output } = await run([example], folder);
      expect(code, output).toBe(0);
      const claims = [...examples[i as number].matchAll(printing)].map(([, , claim]) => claim);
      for (const [k, claim] of claims.entries()) {
        // A long list is printed over several lines.
        const [, printed] = output.split(`claim ${k}:`);
        expect(printed && isSaid(claim, printed.split(/\n(?=claim )/)[0]), `${claim}: ${printed}`).toBe(true);
      }
    },
  );

  // pnpm gives a project nothing but what it asked for.
  it('imports nothing that the install line leaves out', () => {
    const lines = [...readme.matchAll(/`npm install (fluxion .*?)`/g)].map(([, names]) =>
      names.split(' ').filter((name) => !name.startsWith('-')),
    );
    expect(lines.length).toBeGreaterThan(0);
    const packages = [...readme.matchAll(/(?:from|import) '([^'.][^']*)'/g)]
      .map(([, name]) => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0])
      .filter((name) => !name.startsWith('node:'));
    for (const name of packages) for (const line of lines) expect(line).toContain(name);
  });

  it('knows what was not said', () => {
    for (const [claim, printed] of [
      ['[1, 1]', 'Float64Array(2) [ 1.0000000001, 0.9999999999 ] 35'],
      ['about 0.95; Adam is worse', '0.9313'],
      ['99, about 0.92', '99 0.9171'],
      ['near [2, 0.5], converged', 'Float64Array(2) [ 2.01, 0.51 ] converged'],
    ]) {
      expect(isSaid(claim, printed), claim).toBe(true);
    }
    for (const [claim, printed] of [
      ['[1, 1]', 'Float64Array(2) [ 1.001, 1 ]'],
      ['about 0.95', '0.71'],
      ['99, about 0.92', '98 0.92'],
      ['near 0, the batches are used up', '0.001 all steps were taken'],
      ['near [2, 0.5], converged', 'Float64Array(2) [ 2, 0.5 ] budget'],
      ['about 0.95', 'NaN'],
    ]) {
      expect(isSaid(claim, printed), claim).toBe(false);
    }
  });

  it('is there', () => expect(examples.length).toBeGreaterThanOrEqual(3));
});

/**
 * Whether a line prints what a comment says up to its first semicolon: its numbers first and in order, those that are
 * 'about' or 'near' it within 0.05, and all its other words.
 */
function isSaid(claim: string, printed: string): boolean {
  const said = claim.split(';')[0];
  const shown = printed.replaceAll(/\w+\(\d+\)/g, ''); // Float64Array(2)
  const numbers = (text: string) => text.match(/-?\d+(\.\d+)?(e[+-]?\d+)?/g)?.map(Number) ?? [];
  const parts = said.split(/(?=\b(?:about|near)\b)/);
  const expected = parts.flatMap((part) => {
    const within = /^(about|near)/.test(part) ? 0.05 : 1e-6;
    return numbers(part).map((value) => ({ value, within }));
  });
  const given = numbers(shown);
  const words = said.match(/[a-z]{2,}/gi)?.filter((word) => !['about', 'near'].includes(word)) ?? [];
  return (
    expected.every(({ value, within }, k) => Math.abs(given[k] - value) <= within) &&
    words.every((word) => shown.includes(word))
  );
}

function run(args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => done({ code, output: output.slice(-4_000) }));
  });
}
