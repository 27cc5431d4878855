import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { type Algebra, onBatch, Random, type State } from '../../../src/index.js';
import { eagerDampingFactor } from '../../../src/transforms/damping-factor.js';
import { kroneckerCurvature, quadraticSteps } from '../../../src/transforms/index.js';
import {
  type LayeredSubject,
  layeredClaims,
  type ModelStep,
  type ModelSteps,
} from '../../subjects/layered.js';
import type { Setting } from '../../subjects/network.js';
import type { DampingSubject } from '../../subjects/second-order/subject.js';
import { networkProblem } from './network-problem.js';

/** `kroneckerCurvature` in one arithmetic. */
export function ourLayered<T>(algebra: Algebra<T>): LayeredSubject {
  return {
    kind: 'layered',
    name: `kroneckerCurvature (${algebra.name})`,
    epsilon: algebra.epsilon,
    claims: layeredClaims,
    after(batches, { damping, ...options }) {
      const curvature = kroneckerCurvature({ ...options, inversesEvery: 1 });
      const contexts = batches.map((batch, step) => networkContext(algebra, batch, step));
      let state: State<T> = curvature.init(contexts[0].parameters, algebra);
      for (const context of contexts) {
        const ready = curvature.refresh(context, curvature.observe(context, state), damping, true);
        if (ready.outcome !== undefined) throw new Error(ready.outcome.message);
        state = ready.state;
      }
      const last = contexts[contexts.length - 1];
      return (v) => {
        const update = unflatten(algebra, v, last.parameters);
        return flatten(algebra, curvature.solve({ ...last, update }, state, damping));
      };
    },
    scope: (body) => algebra.scope(body),
  };
}

/** `quadraticSteps` over `kroneckerCurvature`. */
export function ourModelSteps<T>(algebra: Algebra<T>): ModelSteps {
  return {
    kind: 'modelSteps',
    name: `quadraticSteps (${algebra.name})`,
    epsilon: algebra.epsilon,
    claims: ['26d', '26e', '26f', '26h'],
    run(batches, { damping, decay }) {
      const method = quadraticSteps(kroneckerCurvature(), {
        damping,
        decay,
        calibrate: false,
        leastDamping: 2 ** -40,
      });
      let [{ x }] = batches;
      let state: State<T> = method.init(networkContext(algebra, batches[0], 0).parameters, algebra);
      return batches.map((batch, step): ModelStep => {
        const taken = method.update(networkContext(algebra, { ...batch, x }, step, 'random'), state);
        state = taken.state;
        const update = flatten(algebra, taken.update);
        x = x.map((xi, i) => xi + update[i]);
        const { lambda, rho, tau, momentum } = taken.measures as { readonly [name: string]: number };
        const { damping: next } = state as { readonly damping: number };
        return { update, damping: lambda, next, ratio: rho, multiple: tau, momentum };
      });
    },
    scope: (body) => algebra.scope(body),
  };
}

/** `eagerDampingFactor`, with ω = ½. */
export const ourLayersDamping: DampingSubject = {
  kind: 'damping',
  name: 'dampingFactor',
  epsilon: 2 ** -52,
  claims: ['26'],
  start(value) {
    const rule = {
      value,
      accepted: (ratio: number) => void (rule.value *= eagerDampingFactor(ratio, 1 / 2)),
      rejected: () => void (rule.value *= eagerDampingFactor(Number.NaN, 1 / 2)),
    };
    return rule;
  },
  scope: (body) => body(),
};

/** A step of ours on a network's batch at its parameters, in one arithmetic. */
export function networkContext<T>(
  algebra: Algebra<T>,
  { network, x, inputs, labels }: Setting,
  step: number,
  signs: 'balanced' | 'random' = 'balanced',
) {
  const problem = networkProblem(algebra, network, { start: x, signs });
  const parameters = problem.start(new Random(1));
  const objective = onBatch(problem, () => ({ inputs, labels }));
  const { value: loss, gradient } = objective.valueAndGradient(parameters);
  const random = new Random(step);
  return { algebra, parameters, objective, loss, gradient, update: gradient, step, random };
}
