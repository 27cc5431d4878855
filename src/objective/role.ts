import { shown } from '../algebra/argument.js';

/** What runs: a solver by `minimize`, a least-squares solver by `leastSquares`, a method by `train`. */
export type Role = 'solver' | 'least-squares solver' | 'method';

/** Told by what it can do; undefined for all else, factories that were not called included. */
export function roleOf(value: unknown): Role | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { start, startResiduals, init, update } = value as { readonly [name: string]: unknown };
  if (typeof startResiduals === 'function') return 'least-squares solver';
  if (typeof init === 'function' && typeof update === 'function') return 'method';
  return typeof start === 'function' && !('valueAndGradient' in value) ? 'solver' : undefined;
}

/**
 * Refuses what cannot run here, and names the way to where it can.
 *
 * @throws TypeError `minimize(solver): expected a solver such as bfgs(), got the method adam; asSolver(adam()) makes it one`
 */
export function inRole(where: string, argument: string, role: Role, given: unknown): void {
  const found = roleOf(given);
  if (found === role) return;
  const expected = `${where}(${argument}): expected a ${role} such as ${examples[role]}`;
  if (typeof given === 'function' && given.name !== '') {
    throw new TypeError(`${expected}, got the function ${given.name}; call it: ${given.name}()`);
  }
  if (found === undefined) throw new TypeError(`${expected}, got ${shown(given)}`);
  const { name } = given as { readonly name: string };
  throw new TypeError(`${expected}, got the ${found} ${name}; ${way(found, role, `${name}()`)}`);
}

const examples: { readonly [R in Role]: string } = {
  solver: 'bfgs()',
  'least-squares solver': 'levenbergMarquardt()',
  method: 'adam()',
};

function way(found: Role, role: Role, made: string): string {
  if (found === 'method') {
    return role === 'solver'
      ? `asSolver(${made}) makes it one`
      : `train runs it, and minimize asSolver(${made})`;
  }
  if (found === 'solver') return 'minimize runs it';
  return role === 'solver'
    ? `leastSquares runs it; throughResiduals(${made}, problem) makes it a solver where residuals are known`
    : 'leastSquares runs it';
}
