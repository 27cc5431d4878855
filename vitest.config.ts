import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Rooms whose tests leave nothing behind: their files share a process each worker, which loads our code once. */
const shared = [
  'algebra',
  'check',
  'curvature',
  'house',
  'laws',
  'learn',
  'least-squares',
  'linalg',
  'methods',
  'misuse',
  'objective',
  'page',
  'plot',
  'problems',
  'record',
  'search',
  'server',
  'simulation',
  'streams',
  'transforms',
].map((room) => `spec/tests/${room}/**/*.test.ts`);

/** In those rooms, what puts something else in the place of a global. */
const replacing = ['spec/tests/streams/misuse.test.ts'];

/** Tests that choose the backend they compute on, so that they may find TensorFlow.js as others left it. */
const onTensors = [
  'as-optimizer',
  'autoencoder',
  'cifar10',
  'curvature',
  'fit',
  'flattened-loss',
  'from-loss',
  'fused',
  'gradients/forward',
  'models',
  'special-values',
  'wasm-product',
  'wasm-repairs',
].map((file) => `spec/tests/tensors/${file}.test.ts`);

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
      { extends: true, test: { name: 'shared', include: shared, exclude: replacing, isolate: false } },
      { extends: true, test: { name: 'replacing', include: replacing } },
      { extends: true, test: { name: 'tensors', include: onTensors, isolate: false } },
      {
        extends: true,
        test: { name: 'alone', include: ['spec/tests/**/*.test.ts'], exclude: [...shared, ...onTensors] },
      },
    ],
  },
});
