import type { State } from '../algebra/tree.js';
import { copyMeasures, distinct, type Measure, type MeasureDescription } from '../objective/measure.js';
import type { Need } from '../objective/objective.js';
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
  return chained(transforms);
}

/** The same of what is known to be transforms; `named` where it has a name and options of its own. */
export function chained(transforms: readonly Transform[], named?: Pick<Chain, 'name' | 'options'>): Chain {
  const parts = transforms.flatMap((part) => (isChain(part) ? part.parts : [part]));
  const measures: MeasureDescription[] = [];
  const given = parts.map(({ measures: own }) => {
    if (own === undefined) return none;
    const renamed = distinct(measures, own);
    measures.push(...renamed);
    return renamed;
  });
  const routed = parts.filter(({ routes }) => routes !== undefined);
  const made: Chain & { measures?: Chain['measures']; routes?: Chain['routes'] } = {
    name: named?.name ?? 'chain',
    options: named?.options ?? { parts: parts.map(({ name, options }) => ({ name, options })) },
    parts,
    needs: needsOf(parts),
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
  if (measures.length > 0) made.measures = measures;
  if (routed.length > 0) made.routes = (context) => routed.flatMap((part) => part.routes!(context));
  return made;
}

const none: readonly MeasureDescription[] = [];

function needsOf(parts: readonly Transform[]): readonly Need[] {
  const found: Need[] = [];
  for (const { needs } of parts) {
    if (needs !== undefined) for (const need of needs) if (!found.includes(need)) found.push(need);
  }
  return found;
}

export function isChain(transform: Transform): transform is Chain {
  return 'parts' in transform;
}
