import type { AnyMethod, Method } from '../../../src/methods/index.js';

/** Whether a method trains models, being made of transforms. */
export function trains(method: AnyMethod): method is Method {
  return 'update' in method;
}
