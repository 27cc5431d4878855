import { inRange, knownOptions } from '../../src/algebra/argument.js';
import { type Factory, factory, number } from '../../src/algebra/option.js';
import { factorySubject } from '../subjects/factories.js';
import type { Mutant } from './mutant.js';

interface Wolfe {
  c1?: number;
  c2?: number;
}

const described = { c1: number(1e-4, '(0, c2)', 'c₁'), c2: number(0.9, '(0, 1)', 'c₂') };

const wolfe = (create: (options: Wolfe) => object) => factory<Wolfe, object>('wolfe', described, create);

function mutant(id: string, mistake: string, killedBy: string, of: Factory<unknown>, seen?: string): Mutant {
  const subject = { ...factorySubject(of), name: `mutant ${id}`, claims: [killedBy] };
  return { id, mistake, killedBy, subject, ...(seen !== undefined && { seen }) };
}

export const optionMutants: readonly Mutant[] = [
  mutant(
    'spread-over-defaults',
    'Defaults are overwritten by a spread of the options, so that undefined is a value.',
    'O2',
    wolfe((options) => {
      const { c1, c2 } = { c1: 1e-4, c2: 0.9, ...options };
      return { options: { c1, c2 } };
    }),
    'an early version of this library’s backtracking',
  ),
  mutant(
    'nan-passes',
    'A range is checked by what must not be, which NaN is not.',
    'O1',
    wolfe(({ c1 = 1e-4, c2 = 0.9 }) => {
      for (const [name, value] of Object.entries({ c1, c2 })) {
        if (value <= 0 || value >= 1) throw new RangeError(`wolfe(${name}): expected a number in (0, 1)`);
      }
      return { options: { c1, c2 } };
    }),
  ),
  mutant(
    'misspelt-is-ignored',
    'An option that is none is ignored.',
    'O1',
    wolfe(({ c1 = 1e-4, c2 = 0.9 }) => {
      inRange('wolfe', 'c2', c2, '(0, 1)');
      inRange('wolfe', 'c1', c1, `(0, ${c2})`);
      return { options: { c1, c2 } };
    }),
  ),
  mutant(
    'blames-another',
    'The error names the wrong argument.',
    'O1',
    wolfe((options) => {
      knownOptions('wolfe', options, ['c1', 'c2']);
      const { c1 = 1e-4, c2 = 0.9 } = options;
      inRange('wolfe', 'c1', c2, '(0, 1)');
      inRange('wolfe', 'c2', c1, `(0, ${c2})`);
      return { options: { c1, c2 } };
    }),
  ),
];
