import { type Contestant, chosenMethods } from '../../../dashboard/cli/arguments/chosen-methods.js';
import type { FunctionSetting, ModelSetting, Setting } from '../../../dashboard/cli/race/setting.js';
import type { HostArray, Random } from '../../../src/index.js';
import type { Method } from '../../../src/methods/index.js';
import { chain } from '../../../src/transforms/index.js';
import { batches } from '../../../streams/index.js';
import type { FaultKind } from '../faults.js';
import { spoiling } from '../scenario.js';
import { seeded } from '../seeding.js';
import { type Target, targetExamples, targets } from '../targets.js';
import { holedFunction } from './holed-function.js';

const solvers = [
  'bfgs',
  'lbfgs',
  'dfp',
  'sr1',
  'newton',
  'dampedNewton',
  'modifiedNewton',
  'newtonConjugateGradient',
  'nonlinearConjugateGradient',
  'trustRegion',
  'trustRegion(subproblem=dogleg)',
  'levenbergMarquardtNewton',
  'gradientDescent',
];
const trainers = ['adam', 'momentum', 'rmsprop', 'adamw', 'lion', 'adagrad'];

/** What a seed draws of a race. */
export interface RaceScenario {
  readonly seed: number;
  readonly steps: number;
  /** As it is raced, and as it would be raced by a user's function that no longer throws. */
  readonly setting: Setting;
  readonly mended: Setting;
  readonly contestants: readonly Contestant[];
  /** Virtual milliseconds at which somebody presses a button of the page. */
  readonly presses: readonly {
    readonly at: number;
    readonly action: 'pause' | 'step' | 'stop' | 'checkpoint';
  }[];
  /** When somebody begins a new run from a checkpoint of the first method; never in a race on a function. */
  readonly branchAt: number | undefined;
  /** Virtual milliseconds that one look at the clock takes at most. */
  readonly longestLook: number;
  /** Whether it waits for somebody to have it go on. */
  readonly isHeld: boolean;
  /** How long a pause lasts. */
  readonly pause: number;
  readonly examples: { alive: number };
}

export function raceScenario(seed: number, faults: readonly FaultKind[]): RaceScenario {
  const random = seeded(seed).fork('race');
  random.uniforms(8); // the first draws of all seeds resemble each other in their last bits
  const maybe = (share: number) => random.uniform() < share;
  const steps = 4 + random.integer(25);
  const presses = [
    ...(maybe(0.5) ? [{ at: 40 * random.uniform(), action: 'pause' as const }] : []),
    ...(maybe(0.3) ? [{ at: 40 * random.uniform(), action: 'step' as const }] : []),
    ...(maybe(0.3) ? [{ at: 40 * random.uniform(), action: 'checkpoint' as const }] : []),
    ...(maybe(0.1) ? [{ at: 40 * random.uniform(), action: 'stop' as const }] : []),
  ];
  const examples = targetExamples();
  const longestLook = [0.5, 5][random.integer(2)];
  const isHeld = maybe(0.5);
  const shared = { seed, steps, presses, longestLook, isHeld, pause: 100 * random.uniform(), examples };
  const count = 1 + random.integer(3);
  return maybe(0.6)
    ? { ...shared, ...functionRace(random.fork('function'), faults, count, steps), branchAt: undefined }
    : {
        ...shared,
        ...modelRace(random.fork('model'), faults, count, examples),
        branchAt: 80 * random.uniform(),
      };
}

function functionRace(random: Random, faults: readonly FaultKind[], count: number, steps: number) {
  const share = (kind: FaultKind) => (faults.includes(kind) ? [0.01, 0.05, 0.2][random.integer(3)] : 0);
  const [spoilt, thrown] = [share('spoiltFunction'), share('throwingFunction')];
  const which = random.integer(8); // some of value, gradient, Hessian
  const holes = {
    value: which & 1 ? spoilt : 0,
    gradient: which & 2 ? spoilt : 0,
    hessian: which & 4 ? spoilt : 0,
    thrown,
  };
  const place = random.integer(2 ** 31);
  const setting = (now: typeof holes): FunctionSetting => {
    const definition = holedFunction(seeded(place), now);
    return {
      kind: 'function',
      name: definition.name,
      definition,
      steps,
      gradientTolerance: 1e-6,
      defaults: { methods: 'bfgs', steps, gradientTolerance: 1e-6 },
    };
  };
  return {
    setting: setting(holes),
    mended: setting({ ...holes, thrown: 0 }),
    contestants: chosenMethods(drawn(solvers, count, random).join(',')),
  };
}

function modelRace(
  random: Random,
  faults: readonly FaultKind[],
  count: number,
  examples: ReturnType<typeof targetExamples>,
) {
  const batch = { size: 1 + random.integer(5), replacement: random.uniform() < 0.5 };
  const checkpointEvery = 1 + random.integer(6);
  const setting: ModelSetting<HostArray, Target> = {
    kind: 'model',
    name: targets.name,
    problem: targets,
    source: (seed) => batches(examples, { ...batch, seed }),
    evaluateEvery: Number.POSITIVE_INFINITY,
    checkpointEvery,
    defaults: { methods: 'adam', steps: 1 },
  };
  const chosen = chosenMethods(drawn(trainers, count, random).join(','));
  const isSpoilt = faults.includes('spoiltUpdate');
  const spoiltAt = isSpoilt ? random.integer(20) : Number.POSITIVE_INFINITY;
  const contestants = chosen.map((one, i) =>
    i === 0 && isSpoilt ? { ...one, method: spoiltMethod(one.method as Method, spoiltAt) } : one,
  );
  const erased = setting as unknown as ModelSetting; // as a race sees every model
  return { setting: erased, mended: erased, contestants };
}

/** The method with a part that makes a NaN of one step's update. */
function spoiltMethod(method: Method, at: number): Method {
  const { name, options, parts } = method;
  const spoilt = chain(
    ...parts,
    spoiling(({ step }) => step === at),
  );
  return { ...method, ...spoilt, name, options };
}

function drawn(all: readonly string[], count: number, random: Random): string[] {
  const left = [...all];
  return Array.from({ length: count }, () => left.splice(random.integer(left.length), 1)[0]);
}
