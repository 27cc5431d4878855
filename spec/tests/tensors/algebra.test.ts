import { beforeEach, describe } from 'vitest';
import { type BackendName, tensors, useBackend } from '../../../src/tensors/index.js';
import { agreesWithFloat64 } from '../algebra/agreement.js';

describe.each(['cpu', 'wasm'] as BackendName[])('tensors on %s', (backend) => {
  beforeEach(async () => {
    await useBackend(backend);
  });

  agreesWithFloat64(tensors);
});
