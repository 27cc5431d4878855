import { type HostArray, mapTree } from '../../src/index.js';
import {
  clipByNorm,
  learningRate,
  momentum,
  refreshed,
  scaleByMoments,
  type Transform,
} from '../../src/transforms/index.js';
import { batches, type Cursor } from '../../streams/index.js';
import { flat, plainLoop } from '../tests/streams/plain-loop.js';
import { learntInverse } from './learnt-inverse.js';
import { seeded } from './seeding.js';
import { type Target, targetExamples, targets } from './targets.js';

/** What a seed draws besides its faults: the run, as it would be if nothing went wrong. */
export interface Scenario {
  readonly seed: number;
  readonly steps: number;
  readonly checkpointEvery: number;
  readonly batch: { readonly size: number; readonly seed: number; readonly replacement: boolean };
  readonly sliceMilliseconds: number;
  /** The transforms in order; `refreshed` ones are answered by a thread. `told` hears of a root that failed. */
  transforms(told: () => void): Transform[];
  /** After which transforms a frame stays away for a while. */
  readonly detours: readonly boolean[];
  /** Virtual milliseconds of each command to the control of the first process. */
  readonly commands: readonly {
    readonly at: number;
    readonly action: 'pause' | 'resume' | 'step' | 'stop';
  }[];
  readonly watched: boolean;
}

export function scenario(seed: number, roots: 'sound' | 'failing'): Scenario {
  const random = seeded(seed).fork('scenario');
  random.uniforms(8); // the first draws of all seeds resemble each other in their last bits
  const maybe = (share: number) => random.uniform() < share;
  const delay = random.integer(4);
  const every = 1 + random.integer(4);
  const failing = random.fork('roots');
  const fails = Array.from({ length: 64 }, () => roots === 'failing' && failing.uniform() < 0.3);
  const [clips, remembers, scales, inverts] = [maybe(0.4), maybe(0.5), maybe(0.4), maybe(0.6)];
  const transforms = (told: () => void) => [
    ...(clips ? [clipByNorm(1)] : []),
    ...(inverts
      ? [
          refreshed(
            learntInverse(every, (count) => fails[count], told),
            delay,
          ),
        ]
      : []),
    ...(scales ? [scaleByMoments()] : []),
    ...(remembers ? [momentum(0.5)] : []),
    learningRate(0.1),
  ];
  const pausedAt = 60 * random.uniform();
  const commands = [
    { at: pausedAt, action: 'pause' as const },
    { at: pausedAt + 5, action: 'step' as const },
    { at: pausedAt + 50, action: 'resume' as const },
    ...(maybe(0.2) ? [{ at: 100 * random.uniform(), action: 'stop' as const }] : []),
  ];
  return {
    seed,
    steps: 4 + random.integer(30),
    checkpointEvery: 1 + random.integer(9),
    batch: { size: 1 + random.integer(5), seed: random.integer(1000), replacement: maybe(0.5) },
    sliceMilliseconds: [0.5, 4, 50][random.integer(3)],
    transforms,
    detours: transforms(() => {}).map(() => maybe(0.3)),
    commands: maybe(0.5) ? commands : [],
    watched: maybe(0.7),
  };
}

/** What the run has to be: without streams, record, threads or faults. */
export interface Model {
  /** x₀, x₁, …, one more than steps. */
  readonly parameters: readonly Float64Array[];
  readonly losses: readonly number[];
}

export function model({ batch, seed, steps, transforms }: Scenario): Model {
  const { seen, close } = seenBatches(batches(targetExamples(), batch), steps);
  const path = plainLoop(targets, (step) => seen[step], inOrder(transforms(() => {})), steps, seed);
  close();
  return path;
}

/** The first batches of a source, and how to give them back. */
export function seenBatches(source: { open(): Cursor<Target> }, steps: number) {
  const cursor = source.open();
  const seen = Array.from({ length: steps }, () => cursor.next() as Target);
  const close = () => {
    for (const made of seen) cursor.release(made);
    cursor.close();
  };
  return { seen, close };
}

/** A chain, written out: what the streams are compared with uses none of ours. */
export function inOrder(parts: readonly Transform[]): Transform {
  return {
    name: 'inOrder',
    options: {},
    init: (parameters, algebra) => parts.map((part) => part.init(parameters, algebra)),
    update(context, states) {
      let { update } = context;
      const made = (states as readonly never[]).map((state, i) => {
        const step = parts[i].update({ ...context, update }, state);
        ({ update } = step);
        return step.state;
      });
      return { update, state: made };
    },
  };
}

/** Makes a NaN of the first entry where `strikes` says so. */
export const spoiling = (strikes: (at: { readonly step: number }) => boolean): Transform => ({
  name: 'spoiling',
  options: {},
  init: () => null,
  update: ({ algebra, update, step }) => ({
    update: strikes({ step }) ? mapTree(algebra, (u) => algebra.mul(u, Number.NaN), update) : update,
    state: null,
  }),
});

export const bits = (parameters: ArrayLike<number>): string =>
  Buffer.from(Float64Array.from(parameters).buffer).toString('hex');

export const bitsOf = (tree: HostArray): string => bits(flat(tree));
