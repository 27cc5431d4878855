import { resolve } from 'node:path';
import { named, nearestName } from '../../../src/algebra/nearest-name.js';
import { chosen, factory } from '../../../src/algebra/option.js';
import { Evaluations } from '../../../src/objective/evaluations.js';
import { functions } from '../../../src/problems/functions.js';
import { fromFunction, type TestFunction } from '../../../src/problems/index.js';
import type { UserModel } from '../../../src/tensors/index.js';
import { counts } from '../arguments/counts.js';
import { made } from '../arguments/made.js';
import { parseCall } from '../arguments/method-list.js';
import { asMisuse, blamingInput, Misuse } from '../arguments/misuse.js';
import type { FunctionSetting, Setting } from './setting.js';
import { isModulePath, loadUserProblem } from './user-module.js';

export interface ProblemOptions {
  readonly batch?: number;
  readonly backend?: string;
  /** What computed a run that is to go on. */
  readonly kernels?: string;
}

/**
 * Makes ready what a race is to be about: `mnist`, `autoencoder`, `cifar10`, a test function such as `booth` or
 * `rosenbrock(n=10)`, or the path of a user's module. TensorFlow.js is loaded only where the problem needs it.
 *
 * @throws Misuse where there is no such problem, its data are damaged, or an option does not apply to it
 */
export async function findProblem(text: string, options: ProblemOptions): Promise<Setting> {
  if (isModulePath(text)) return userSetting(text, options);
  if (text === 'mnist') return mnistSetting(options);
  if (text === 'autoencoder') return autoencoderSetting(options);
  if (isCifar10(text)) return cifar10Setting(text, options);
  return functionSetting(makeFunction(text), text, options);
}

const isCifar10 = (text: string): boolean => /^cifar10(\s*\(|$)/.test(text);

/**
 * The problem with the errors of the code it was published with, as one would type it without `--as-published`.
 *
 * @throws Misuse where there is none
 */
export function asPublished(text: string): string {
  if (!isCifar10(text)) {
    throw new Misuse(`--as-published: cifar10 alone was published with errors, got ${text}; leave it out`);
  }
  const { options } = blamingInput(() => parseCall(text, 'race(problem)'));
  if (Object.hasOwn(options, 'asPublished')) return text;
  const typed = text.replace(/\s*\(?\s*\)?\s*$/, '');
  return Object.keys(options).length === 0 ? `${typed}(asPublished=true)` : `${typed},asPublished=true)`;
}

function makeFunction(text: string): TestFunction {
  const call = blamingInput(() => parseCall(text, 'race(problem)'));
  const entry = functions.get(call.name);
  if (entry === undefined) {
    const names = ['mnist', 'autoencoder', 'cifar10', ...functions.keys()];
    const nearest = nearestName(call.name, names);
    throw new Misuse(
      `race(problem): expected one of ${names.join(', ')}, or the path of a module such as ./problem.ts, ` +
        `got '${text}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
    );
  }
  return blamingInput(() => made(call, entry), 'race(problem): ');
}

/** @throws Misuse where the function lacks something, or an option does not apply to it */
export function functionSetting(
  definition: FunctionSetting['definition'],
  asked: string | undefined,
  { batch, backend }: ProblemOptions,
): FunctionSetting {
  const { name } = definition;
  if (batch !== undefined) throw new Misuse(`--batch: ${name} is a function without data; leave it out`);
  if (backend !== undefined) {
    throw new Misuse(`--backend: ${name} is computed on the host in float64; leave it out`);
  }
  blamingInput(() => fromFunction(definition), 'race(problem): '); // says what is wrong with it
  const general = { steps: 1_000, gradientTolerance: 1e-10 };
  return {
    kind: 'function',
    name,
    ...(asked !== undefined && { asked }),
    definition,
    ...general,
    defaults: asked === 'quartic' ? publishedExample : { ...general, methods: methodsFor(definition) },
  };
}

/** The two-dimensional example of a widely read tutorial, its errors included: 15 steps of fixed lengths. */
const publishedExample = {
  methods: [
    'gradientDescent(learningRate=0.1)',
    'newton(learningRate=0.8)',
    'dampedNewton(damping=1,search=fixedStep(0.8))',
    'absoluteNewton(search=fixedStep(0.8))',
    'bfgs(search=fixedStep(0.15),guard=none,scaled=false)',
    'lbfgs(search=fixedStep(0.15),memory=1000,scaled=false)',
    'lbfgsAsPublished(search=fixedStep(0.15))',
    'diagonalNewton(search=fixedStep(0.5))',
    'diagonalNewtonAsPublished(search=fixedStep(0.5))',
  ].join(','),
  steps: 15,
  gradientTolerance: 0,
};

/** Gradient descent at the rate that the curvature at the start allows, and the methods of choice. */
function methodsFor(definition: FunctionSetting['definition']): string {
  const n = definition.start.length;
  const hessian = new Float64Array(n * n);
  blamingInput(
    () => new Evaluations(definition, n).hessian(Float64Array.from(definition.start), hessian),
    'race(problem): ',
  );
  const curvature = rowSumNorm(hessian, n);
  const rate = curvature > 0 && Number.isFinite(curvature) ? Number((1 / curvature).toPrecision(1)) : 0.001;
  const squares = definition.residuals === undefined ? [] : ['levenbergMarquardt'];
  return [`gradientDescent(learningRate=${rate})`, 'newton', 'bfgs', 'lbfgs', 'trustRegion', ...squares].join(
    ',',
  );
}

/** An upper bound of the largest eigenvalue. */
function rowSumNorm(matrix: Float64Array, n: number): number {
  const sums = Array.from({ length: n }, (_, i) =>
    matrix.subarray(i * n, (i + 1) * n).reduce((sum, entry) => sum + Math.abs(entry), 0),
  );
  return Math.max(...sums);
}

async function mnistSetting({
  batch = counts.batch.default,
  backend,
  kernels,
}: ProblemOptions): Promise<Setting> {
  const { mnistProblem } = await import('./mnist-setting.js');
  return mnistProblem(batch, await chosenBackend(backend, kernels)).catch((error) => {
    throw asMisuse(error); // a data file is missing or not MNIST's, or the batch is larger than the set
  });
}

async function cifar10Setting(
  text: string,
  { batch = counts.batch.default, backend, kernels }: ProblemOptions,
): Promise<Setting> {
  const { cifar10Problem, cifar10RaceOptions } = await import('./cifar10-setting.js');
  const entry = factory('cifar10', cifar10RaceOptions, (given) =>
    chosen('cifar10', cifar10RaceOptions, given),
  );
  const chosenOptions = blamingInput(() => made(parseCall(text, 'race(problem)'), entry), 'race(problem): ');
  return cifar10Problem(text, chosenOptions, { batch, backend: await chosenBackend(backend, kernels) }).catch(
    (error) => {
      throw asMisuse(error); // no data are there, or they are not CIFAR-10's, or the batch is larger than the set
    },
  );
}

async function autoencoderSetting({ batch, backend, kernels }: ProblemOptions): Promise<Setting> {
  const { autoencoderProblem } = await import('./autoencoder-setting.js');
  return autoencoderProblem(batch, await chosenBackend(backend, kernels)).catch((error) => {
    throw asMisuse(error);
  });
}

async function userSetting(text: string, options: ProblemOptions): Promise<Setting> {
  const user = await loadUserProblem(text);
  const asked = resolve(text);
  if (user.kind === 'function') return functionSetting(user.definition, asked, options);
  return modelSetting(user.definition, asked, options);
}

/** A user's model as the subject of a race. */
export async function modelSetting(
  model: UserModel,
  asked: string | undefined,
  { batch, backend, kernels }: ProblemOptions,
): Promise<Setting> {
  if (batch !== undefined) {
    throw new Misuse(
      `--batch: ${model.name} makes its own batches, so their size is decided there; leave it out`,
    );
  }
  const { userModelSetting } = await import('./user-model-setting.js');
  return userModelSetting(model, asked, await chosenBackend(backend, kernels));
}

/**
 * Makes a backend the one in use, and answers its name. To go on with a run it must compute with the kernels of the
 * record: without fused multiply-add it can anywhere, with it only where the engine has it.
 *
 * @throws Misuse on a backend that does not exist or does not start here, or whose last bits would be others
 */
async function chosenBackend(choice: string | undefined, recorded: string | undefined): Promise<string> {
  const { backendNames, kernelsInUse, useBackend } = await import('../../../src/tensors/index.js');
  if (choice === undefined) return useBackend();
  if (recorded !== undefined && choice === 'wasm') {
    await useBackend('wasm', { deterministic: !isFused(recorded) });
    const here = kernelsInUse();
    if (isFused(here) === isFused(recorded)) return choice;
    throw new Misuse(
      `--resume: the run was computed by '${recorded}', and this engine, '${here}', lacks the fused multiply-add, so ` +
        'that other last bits would come out; resume it on Node 22 or later, or race anew',
    );
  }
  const known = new Map(backendNames.map((name) => [name as string, name]));
  const name = blamingInput(() => named('--backend', choice, known));
  return useBackend(name).catch((error) => {
    throw asMisuse(error, '--backend: ');
  });
}

const isFused = (kernels: string): boolean => kernels.endsWith('fma');
