import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['spec/tests/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: availableParallelism(), // by default one core is left idle, which is half of two
    execArgv: ['--expose-gc'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './spec/tests/closing-line.ts'],
  },
});
