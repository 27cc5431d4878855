import type { Factory } from '../../src/algebra/option.js';
import { catalogue, functions, searches, subproblems } from '../../src/index.js';
import { schedules } from '../../src/transforms/schedule.js';
import type { FactorySubject } from './subject.js';

/** Everything that is made by name from described options. */
export const ourFactories: readonly FactorySubject[] = [
  ...catalogue.values(),
  ...searches,
  ...subproblems,
  ...schedules,
  ...functions.values(),
].map((factory) => factorySubject(factory));

/** A factory as a subject of the laws, under its own name. */
export function factorySubject(factory: Factory<unknown>): FactorySubject {
  return {
    kind: 'factory',
    name: factory.name,
    epsilon: 2 ** -52,
    claims: ['O1', 'O2'],
    factory,
    // A test function has no options to show, but a start of its length.
    shown: (made) => (made as { options?: unknown }).options ?? (made as { start?: unknown }).start,
    scope: (body) => body(),
  };
}
