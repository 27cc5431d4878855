import { type Known, naiveSolver } from '../../oracles/second-order/naive-solver.js';
import type { Subject } from '../../subjects/subject.js';
import type { Mutant } from '../mutant.js';

/** A mutant from a subject that takes its name and the one law it is judged by. */
export function mutantOf(
  described: Omit<Mutant, 'subject'>,
  create: (named: { name: string; claims: readonly string[] }) => Subject,
): Mutant {
  const subject = create({ name: `mutant ${described.id}`, claims: [described.killedBy] });
  return { ...described, subject };
}

/** A mutant of a method of directions. */
export function directed(
  described: Omit<Mutant, 'subject'>,
  method: string,
  direction: (known: Known) => Float64Array,
  length?: (known: Known, p: Float64Array) => number,
): Mutant {
  return mutantOf(described, (named) => naiveSolver(method, direction, { ...named, length }));
}
