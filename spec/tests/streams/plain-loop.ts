import {
  float64,
  type HostArray,
  mapTree,
  onBatch,
  Random,
  releaseExcept,
  type State,
  type Tree,
} from '../../../src/index.js';
import type { Problem } from '../../../src/objective/problem.js';
import type { Transform } from '../../../src/transforms/transform.js';

/** Training without any stream: what `train` must equal bitwise. */
export function plainLoop<B>(
  problem: Problem<HostArray, B>,
  batch: (step: number) => B,
  transform: Transform,
  steps: number,
  seed = 0,
): { parameters: Float64Array[]; losses: number[] } {
  const algebra = float64;
  const random = new Random(seed).fork('run');
  let parameters: Tree<HostArray> = algebra.scope(() => problem.start(new Random(seed).fork('start')));
  let state: State<HostArray> = algebra.scope(() => transform.init(parameters, algebra));
  const path = [flat(parameters)];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const made = algebra.scope(() => {
      const here = batch(step);
      const { value, gradient } = problem.valueAndGradient(parameters, here);
      losses.push(algebra.number(value));
      const objective = onBatch(problem, () => here);
      const context = { algebra, update: gradient, gradient, parameters, loss: value, step, random };
      const { update, state: next } = transform.update({ ...context, objective }, state);
      return { parameters: mapTree(algebra, (x, u) => algebra.add(x, u), parameters, update), state: next };
    });
    releaseExcept(algebra, [parameters, state], [made.parameters, made.state]);
    ({ parameters, state } = made);
    path.push(flat(parameters));
  }
  releaseExcept(algebra, [parameters, state], []);
  return { parameters: path, losses };
}

/** All entries of a tree as one list. */
export function flat(tree: Tree<HostArray>): Float64Array {
  const values: number[] = [];
  const walk = (node: Tree<HostArray>): void => {
    if (float64.isArray(node)) values.push(...float64.values(node));
    else for (const child of Object.values(node)) walk(child);
  };
  walk(tree);
  return Float64Array.from(values);
}
