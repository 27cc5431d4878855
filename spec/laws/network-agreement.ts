import fc from 'fast-check';
import { flatten } from '../../src/algebra/flatten.js';
import { findMethod, float64, type State } from '../../src/index.js';
import { networks } from '../arbitraries/networks.js';
import { inner, plus } from '../oracles/dense/matrices.js';
import { denseEmpiricalFisher, denseGaussNewton, type Setting } from '../oracles/network/dense-curvature.js';
import { networkContext } from '../oracles/network/layered-subjects.js';
import { networkMoment } from '../oracles/network/network-moment.js';
import { OptionFixed } from '../subjects/foreign/misbehaviour.js';
import { flat, largest, norm } from '../subjects/point.js';
import type { OptimizerSubject } from '../subjects/subject.js';
import { law } from './law.js';
import { batchesOf } from './model-steps.js';
import { pointRounding } from './points.js';
import { bitwise, bounded, comparable, type Deviation, threshold, valued } from './tolerance.js';

type Options = Readonly<Record<string, unknown>>;

/** Options under which a method of ours draws labels of its own; another value under which it does not. */
const drawing: Readonly<Record<string, readonly [drawn: readonly unknown[], given: unknown]>> = {
  labels: [['signs', 'sampled'], 'given'],
  fisher: [['sampled'], 'exact'],
  estimate: [['sampled', 'signs'], 'exact'],
};

export const networkAgreement = law({
  id: 'A4',
  name: 'agreement on networks',
  statement:
    'On the batches of a network each step is that of the method: |Δ − Δ*| ≤ 30(ntκε|Δ*| + what changes of parameters by ε do to Δ*) + ε(|x| + |x⁺|), κ = (1 + ‖F‖/λ)/sin² of the angle from the step before; what it is shown stays as it was.',
  tolerance: 'K',
  source: "this package's method of that name, in float64, where it draws no labels; see docs/methods.md",
  kind: 'optimizer',
  sample: () =>
    fc.record({
      first: networks({
        losses: ['squared', 'softmax', 'sigmoid'],
        depth: { min: 1, max: 2 },
        examples: { min: 1, max: 4 },
      }),
      turns: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    }),
  measure(subject, { first, turns }) {
    const { fixed: options = {}, method, epsilon } = subject;
    mustNotDraw(options);
    const batches = batchesOf(first, turns);
    const { points, updates, written } = trained(subject, batches);
    const path = { parameters: points };
    const settings = batches.map((batch, k) => ({ ...batch, x: flat(points[k]) }));
    const followed = (nudge: (i: number) => number) =>
      ourSteps(
        method,
        options,
        settings.map((one) => ({
          ...one,
          x: one.x.map((xi, i) => xi + nudge(i) * epsilon * (Math.abs(xi) + 2 ** -20)),
        })),
      );
    const expected = followed(() => 0);
    const moved = [(i: number) => (i % 2 ? 1 : -1), (i: number) => (i % 3 ? -1 : 1)].map(followed);
    const kappa = condition(settings, options);
    fc.pre(comparable(first.x.length * first.inputs.length, kappa, epsilon));
    let size = 0;
    const found = expected.flatMap((update, step): Deviation[] => {
      size = Math.max(size, largest(update));
      const n = update.length * first.inputs.length;
      const turn = step === 0 ? 1 : lostInTurn(update, expected[step - 1]);
      return [...update].map((u, i) => {
        const spread = moved.reduce((total, other) => total + Math.abs(other[step][i] - u), 0);
        const allowed =
          threshold * (n * (step + 1) * kappa * turn * epsilon * size + spread) +
          pointRounding(subject, path, step, i);
        const got = updates[step][i];
        const what = `update ${step + 1}, entry ${i}`;
        return valued(bounded(what, Math.abs(got - u), allowed), u, got);
      });
    });
    return [...found, ...written];
  },
});

/** @throws OptionFixed where ours would draw labels, which no other can draw too */
function mustNotDraw(options: Options): void {
  for (const [option, [drawn, given]] of Object.entries(drawing)) {
    if (option in options && drawn.includes(options[option]))
      throw new OptionFixed(option, given, options[option]);
  }
}

/** κ of the curvature with its damping, F made of the gradients of all terms. */
function condition(settings: readonly Setting[], { damping = 1 }: Options): number {
  const sizes = settings.map(
    (one) => norm(denseGaussNewton(one)) + one.inputs.length * norm(denseEmpiricalFisher(one)),
  );
  return 1 + Math.max(...sizes) / (damping as number);
}

/**
 * What a model of two directions loses of its digits, 1/sin² of the angle between them, a step and the one before: such a
 * step is the model's minimum over a new direction and the last step. Where they are one, nothing.
 */
function lostInTurn(step: Float64Array, before: Float64Array): number {
  const along = inner(step, before) / (inner(before, before) || 1);
  const sine = norm(plus(step, before, -along)) / (norm(step) || 1);
  return sine < 2 ** -20 ? 1 : Math.min(2 ** 20, 1 / sine ** 2);
}

/** Where a subject goes on the batches of a network, and what it wrote into what it was shown. */
function trained(subject: OptimizerSubject, batches: readonly Setting[]) {
  const optimizer = subject.create(subject.fixed ?? {});
  let setting = batches[0];
  const points = [networkMoment(setting, 0).parameters];
  const updates: Float64Array[] = [];
  const written: Deviation[] = [];
  let state = optimizer.init(points[0]);
  for (const [step, batch] of batches.entries()) {
    setting = { ...batch, x: flat(points[step]) };
    const moment = networkMoment(setting, step);
    const next = optimizer.step(state, moment);
    state = next.state;
    const update = flat(next.update);
    updates.push(update);
    points.push(networkMoment({ ...setting, x: setting.x.map((xi, i) => xi + update[i]) }, step).parameters);
    const left = next.left ?? moment;
    const { gradient, parameters } = networkMoment(setting, step);
    written.push(
      bitwise('parameters shown', flat(left.parameters), flat(parameters)),
      bitwise('gradient shown', flat(left.gradient), flat(gradient)),
    );
  }
  return { points, updates, written };
}

/** The updates of our method that is shown a network at these parameters, batch after batch. */
function ourSteps(method: string, options: Options, settings: readonly Setting[]): Float64Array[] {
  return float64.scope(() => {
    const made = findMethod(method, 'train').create(options);
    const contexts = settings.map((setting, step) => networkContext(float64, setting, step));
    let state: State<unknown> = made.init(contexts[0].parameters, float64) as State<unknown>;
    return contexts.map((context) => {
      const next = made.update(context, state as never);
      state = next.state as State<unknown>;
      return flatten(float64, next.update);
    });
  });
}
