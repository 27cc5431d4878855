import type { State } from '../algebra/tree.js';
import { copyMeasures, distinct, type Measure, type MeasureDescription } from '../objective/measure.js';
import type { Outcome } from '../objective/outcome.js';
import { inRole } from '../objective/role.js';
import type { Context, Step, Transform } from './transform.js';

/** A transform made of others, one after the other. */
export interface Chain extends Transform {
  readonly parts: readonly Transform[];
}

/**
 * Hands each transform's update to the next: u ← tₙ(… t₂(t₁(u))).
 *
 * Composition is associative: chains inside a chain are flattened, so outputs and state do not depend on the
 * brackets, and `chain()` is neutral. The state is the list of the parts' states. A part that ends the run by
 * an outcome is the last one asked; the outcome names it. Measures keep their names; a second one of a name is
 * called `name 2`, a third one `name 3`.
 *
 * @throws TypeError on a part that is no transform
 * @example chain(clipByNorm(1), momentum(0.9), learningRate(0.1))
 */
export function chain(...transforms: readonly Transform[]): Chain {
  for (const part of transforms) inRole('chain', 'transforms', 'method', part);
  const parts = transforms.flatMap((part) => (isChain(part) ? part.parts : [part]));
  const measures: MeasureDescription[] = [];
  const given = parts.map((part) => {
    const named = distinct(measures, part.measures ?? []);
    measures.push(...named);
    return named;
  });
  const routed = parts.filter(({ routes }) => routes !== undefined);
  return {
    name: 'chain',
    options: { parts: parts.map(({ name, options }) => ({ name, options })) },
    parts,
    ...(measures.length > 0 && { measures }),
    needs: [...new Set(parts.flatMap(({ needs = [] }) => needs))],
    ...(routed.length > 0 && {
      routes: <T>(context: Context<T>) => routed.flatMap((part) => part.routes!(context)),
    }),
    init: (parameters, algebra) => parts.map((part) => part.init(parameters, algebra)),
    update<T>(context: Context<T>, states: readonly State<T>[]): Step<T> {
      const passed = { ...context }; // one copy for all parts: a copy for each costs more than a step at n = 10
      const next = states.slice();
      let reported: { [name: string]: Measure<T> } | undefined;
      let outcome: Outcome | undefined;
      for (let i = 0; i < parts.length; i++) {
        const step = parts[i].update(passed, states[i]);
        next[i] = step.state;
        passed.update = step.update;
        if (step.measures !== undefined) {
          reported ??= {};
          copyMeasures(reported, step.measures, parts[i].measures ?? [], given[i]);
        }
        if (step.outcome !== undefined) {
          outcome = { stage: parts[i].name, step: context.step, ...step.outcome };
          break;
        }
      }
      const made: Step<T> = { update: passed.update, state: next };
      if (outcome === undefined && reported === undefined) return made;
      return {
        ...made,
        ...(outcome !== undefined && { outcome }),
        ...(reported !== undefined && { measures: reported }),
      };
    },
  };
}

export function isChain(transform: Transform): transform is Chain {
  return 'parts' in transform;
}
