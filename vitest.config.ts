import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Rooms whose tests leave nothing behind: their files share a process each worker, which loads our code once. */
const pure = [
  'algebra',
  'curvature',
  'laws',
  'least-squares',
  'linalg',
  'methods',
  'objective',
  'plot',
  'problems',
  'search',
  'transforms',
].map((room) => `spec/tests/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: availableParallelism(), // by default one core is left idle, which is half of two
    execArgv: ['--expose-gc'],
    testTimeout: 240_000, // a hang is found late, a busy machine is no mistake
    hookTimeout: 240_000,
    globalSetup: './spec/tests/compiled.ts',
    reporters: ['default', './spec/tests/closing-line.ts'],
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'alone', include: ['spec/tests/**/*.test.ts'], exclude: pure } },
    ],
  },
});
