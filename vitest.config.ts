import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['spec/tests/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--expose-gc'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './spec/tests/closing-line.ts'],
  },
});
