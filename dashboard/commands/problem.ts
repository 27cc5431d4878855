import { resolve } from 'node:path';
import { named, nearestName } from '../../src/algebra/nearest-name.js';
import { type HostArray, Random } from '../../src/index.js';
import { functions } from '../../src/problems/functions.js';
import { type FunctionProblem, fromFunction, type TestFunction } from '../../src/problems/index.js';
import { withoutBatches } from '../../streams/index.js';
import type { FunctionSetting, Setting } from '../race/setting.js';
import { parseCall } from './method-list.js';
import { asMisuse, blamingInput, Misuse } from './misuse.js';
import { isModulePath, loadUserProblem } from './user-module.js';

export interface ProblemOptions {
  readonly batch?: number;
  readonly backend?: string;
}

/**
 * Makes ready what a race is to be about: `mnist`, a test function such as `booth` or `rosenbrock(n=10)`, or
 * the path of a user's module. TensorFlow.js is loaded only where the problem needs it.
 *
 * @throws Misuse where there is no such problem, its data are damaged, or an option does not apply to it
 */
export async function findProblem(text: string, options: ProblemOptions): Promise<Setting> {
  if (isModulePath(text)) return userSetting(text, options);
  if (text === 'mnist') return mnistSetting(options);
  return functionSetting(makeFunction(text), text, options);
}

function makeFunction(text: string): TestFunction {
  const call = blamingInput(() => parseCall(text, 'race(problem)'));
  const entry = functions.get(call.name);
  if (entry === undefined) {
    const names = ['mnist', ...functions.keys()];
    const nearest = nearestName(call.name, names);
    throw new Misuse(
      `race(problem): expected one of ${names.join(', ')}, or the path of a module such as ./problem.ts, ` +
        `got '${text}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
    );
  }
  const known = new Map(Object.entries(entry.options));
  return blamingInput(() => {
    for (const option of Object.keys(call.options)) named(`${call.name}(${option})`, option, known);
    return entry.create(call.options);
  }, 'race(problem): ');
}

function functionSetting(
  of: TestFunction,
  asked: string,
  { batch, backend }: ProblemOptions,
): FunctionSetting {
  if (batch !== undefined) throw new Misuse(`--batch: ${of.name} is a function without data; leave it out`);
  if (backend !== undefined) {
    throw new Misuse(`--backend: ${of.name} is computed on the host in float64; leave it out`);
  }
  const problem = blamingInput(() => fromFunction(of), 'race(problem): ');
  return {
    name: of.name,
    asked,
    problem,
    source: withoutBatches,
    point: (parameters) => Array.from(parameters.data),
    defaults: { methods: blamingInput(() => methodsFor(problem), 'race(problem): '), steps: 1_000 },
    evaluateEvery: Number.POSITIVE_INFINITY,
    checkpointEvery: 1_000,
  };
}

/** First-order methods at the rate that the curvature at the start allows, and Newton's where there is a Hessian. */
function methodsFor({ hessian, start }: FunctionProblem<HostArray>): string {
  const curvature = hessian === undefined ? 1_000 : rowSumNorm(hessian(start(new Random(0)), undefined));
  const rate = curvature > 0 && Number.isFinite(curvature) ? Number((1 / curvature).toPrecision(1)) : 0.001;
  const byGradient = ['gradientDescent', 'momentum', 'nesterov'].map(
    (name) => `${name}(learningRate=${rate})`,
  );
  const adaptive = ['rmsprop(learningRate=0.01)', 'adam(learningRate=0.05)'];
  return [...byGradient, ...adaptive, ...(hessian === undefined ? [] : ['newton'])].join(',');
}

/** An upper bound of the largest eigenvalue. */
function rowSumNorm({ data, shape: [n] }: HostArray): number {
  const sums = Array.from({ length: n }, (_, i) =>
    data.subarray(i * n, (i + 1) * n).reduce((sum, entry) => sum + Math.abs(entry), 0),
  );
  return Math.max(...sums);
}

async function mnistSetting({ batch = 128, backend }: ProblemOptions): Promise<Setting> {
  const { mnistProblem } = await import('../race/mnist-setting.js');
  return mnistProblem(batch, await chosenBackend(backend)).catch((error) => {
    throw asMisuse(error); // a data file is missing or not MNIST's, or the batch is larger than the set
  });
}

async function userSetting(text: string, options: ProblemOptions): Promise<Setting> {
  const user = await loadUserProblem(text);
  const asked = resolve(text);
  if (user.kind === 'function') return functionSetting(user.definition, asked, options);
  if (options.batch !== undefined) {
    throw new Misuse(`--batch: ${text} makes its own batches, so their size is decided there; leave it out`);
  }
  const { userModelSetting } = await import('../race/user-model-setting.js');
  return userModelSetting(user.definition, asked, await chosenBackend(options.backend));
}

/** @throws Misuse on a backend that does not exist or does not start here */
async function chosenBackend(choice: string | undefined): Promise<string> {
  const { backendNames, useBackend } = await import('../../src/tensors/index.js');
  if (choice === undefined) return useBackend();
  const known = new Map(backendNames.map((name) => [name as string, name]));
  const name = blamingInput(() => named('--backend', choice, known));
  return useBackend(name).catch((error) => {
    throw asMisuse(error, '--backend: ');
  });
}
