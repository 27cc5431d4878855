import { shown } from '../algebra/argument.js';

/**
 * Refuses what is no problem of plain functions, and names the way where it is one of another kind.
 *
 * @throws TypeError `minimize(problem): expected an object with a function value(x), got a function; write { value: f }`
 */
export function checkFunctions(
  where: string,
  main: 'value' | 'residuals',
  others: readonly string[],
  problem: unknown,
): void {
  const functions = (problem ?? {}) as { readonly [name: string]: unknown };
  if (typeof functions[main] !== 'function' || 'valueAndGradient' in functions) {
    const expected = `${where}(problem): expected an object with a function ${main}(x)`;
    throw new TypeError(`${expected}, got ${shown(problem)}${way(main, functions)}`);
  }
  for (const name of others) {
    const given = functions[name];
    if (given !== undefined && typeof given !== 'function') {
      throw new TypeError(`${where}(problem.${name}): expected a function or nothing, got ${shown(given)}`);
    }
  }
}

function way(main: 'value' | 'residuals', given: { readonly [name: string]: unknown }): string {
  const { name } = given;
  if (typeof given === 'function') {
    const made = typeof name === 'string' && name !== '' ? name : 'f';
    return `; write { ${main}: ${made} }, or ${made}() where it makes a problem`;
  }
  if ('valueAndGradient' in given)
    return ', a problem for train; flattenedLoss makes a loss one for minimize';
  if (typeof given.residuals === 'function') return ' with residuals; leastSquares minimizes their squares';
  return typeof given.value === 'function' ? ' with a value; minimize takes it' : '';
}
