import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The mutant that the tests are to notice: one place of one file, and what stands there instead. */
const { file, start, end, after, statement } = JSON.parse(process.env.FLUXION_MUTANT!) as {
  file: string;
  start: number;
  end: number;
  after: string;
  statement?: 'dropped' | 'overtaken';
};
const root = resolve(import.meta.dirname, '../../..');
const path = resolve(root, file);

export default defineConfig({
  root,
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      load(id) {
        if (id.split('?')[0] !== path) return undefined;
        const text = readFileSync(path, 'utf8');
        const [before, own, rest] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
        if (statement === 'overtaken') return `${before}${after}\n${own}${rest.replace(after, '')}`;
        return statement === 'dropped' ? before + rest : `${before}(${after})${rest}`;
      },
    },
  ],
  test: {
    include: ['spec/tests/**/*.test.ts'],
    globalSetup: 'spec/tests/compiled.ts',
    pool: 'forks',
    execArgv: ['--expose-gc'],
    testTimeout: 60_000,
    maxWorkers: 1,
  },
});
