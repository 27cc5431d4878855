import type { Random } from '../../src/index.js';
import { seeded } from './seeding.js';

/** What can go wrong, each with the place where it is asked whether it does. */
export const faultKinds = {
  spoiltUpdate: 'an operator makes a NaN',
  spoiltFunction: 'a function has no finite value, gradient or Hessian at some points',
  throwingFunction: 'a function throws at some points',
  failedRoot: 'a matrix has no inverse',
  lateWorker: 'the answer of a thread takes long, or longer than a frame may stay away',
  deadWorker: 'the thread ends with works under way',
  shortWrite: 'the disk takes a part of what is written',
  fullDisk: 'the disk takes nothing more for a while',
  lyingSync: 'a sync returns before anything is on disk',
  powerCut: 'all that was not synced is gone, or part of it',
  killed: 'the process ends at once, its files as they are',
  damagedCheckpoint: 'a checkpoint has lost its end',
  stalledClient: 'a client takes nothing for a while',
  lostClient: 'a connection breaks, and is made anew',
  deadClient: 'a connection dies without a word, and is made anew',
  rudeVisitor: 'somebody floods the server, talks nonsense, or is silent',
  leapingClock: 'the machine slept',
  setCalendar: 'somebody set the clock, back or forth',
  leavingSubscriber: 'the subscriber leaves inside `next`',
} as const;

export type FaultKind = keyof typeof faultKinds;

/** Shares of the times that a site is passed, of which one is drawn; the sites of these kinds are passed far more often. */
const rates: { readonly [K in FaultKind]?: readonly [number, number, number] } = {
  killed: [0.005, 0.02, 0.05],
  powerCut: [0.01, 0.05, 0.1],
  leapingClock: [0.001, 0.005, 0.02],
  deadClient: [0.05, 0.1, 0.2],
};
const usualRates = [0.05, 0.2, 0.5] as const;

export const allFaults = Object.keys(faultKinds) as readonly FaultKind[];

/**
 * The faults of one simulated history: which kinds strike, and how often, is drawn once; then each site asks every time
 * it is passed. The draws of a kind are its own, so that leaving out one kind leaves the others as they were.
 */
export class Faults {
  readonly #kinds = new Map<FaultKind, { readonly rate: number; readonly random: Random }>();
  #healed = false;

  constructor(
    seed: number,
    /** Told of every fault that strikes. */
    readonly struck: (kind: FaultKind) => void,
    without: readonly FaultKind[] = [],
  ) {
    const random = seeded(seed);
    for (const kind of allFaults) {
      const own = random.fork(kind);
      own.uniforms(8); // the first draws of all seeds resemble each other in their last bits
      const isOn = own.uniform() < 0.3;
      const rate = (rates[kind] ?? usualRates)[own.integer(3)];
      if (isOn && !without.includes(kind)) this.#kinds.set(kind, { rate, random: own });
    }
  }

  get kinds(): readonly FaultKind[] {
    return [...this.#kinds.keys()];
  }

  /** Whether this kind strikes here and now. */
  strikes(kind: FaultKind): boolean {
    const drawn = this.#kinds.get(kind);
    if (drawn === undefined || this.#healed || drawn.random.uniform() >= drawn.rate) return false;
    this.struck(kind);
    return true;
  }

  /** How much, in [0, 1), of what the fault is about. */
  share(kind: FaultKind): number {
    return this.#kinds.get(kind)?.random.uniform() ?? 0;
  }

  /** From now on nothing goes wrong any more. */
  heal(): void {
    this.#healed = true;
  }
}
