import { type Abilities, type Need, refuseUnmet } from '../src/objective/objective.js';

/** What the run can do whose pipeline is being subscribed at this moment. */
let opening: {
  readonly problem: string;
  readonly abilities: Abilities;
  readonly needs: Set<Need>;
} | null = null;

/**
 * Subscribes a run's pipeline, so that its operators can tell whether the problem gives them what they need.
 *
 * @param needs takes in what they need
 */
export function subscribing<R>(problem: string, abilities: Abilities, needs: Set<Need>, body: () => R): R {
  const before = opening;
  opening = { problem, abilities, needs };
  try {
    return body();
  } finally {
    opening = before;
  }
}

/**
 * For an operator when it is subscribed: refuses a problem that cannot give its transform what it needs, and notes what that is.
 *
 * @throws TypeError naming the transform, what it needs and the problem
 */
export function refuseProblem(transform: { readonly name: string; readonly needs?: readonly Need[] }): void {
  if (opening === null) return;
  refuseUnmet(transform, opening.problem, opening.abilities);
  for (const need of transform.needs ?? []) opening.needs.add(need);
}
