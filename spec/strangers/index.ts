import type { Subject } from '../subjects/subject.js';
import { strangersOfNetworks } from './networks.js';
import { strangerOptimizers } from './optimizers.js';
import { strangerSolvers } from './solvers.js';

/** Right implementations that know nothing of this package, as strangers bring them: no law may be broken by one. */
export async function rightStrangers(): Promise<readonly Subject[]> {
  return [...(await strangerOptimizers()), ...(await strangersOfNetworks()), ...(await strangerSolvers())];
}
