import { LogError, readLog } from '../../../dashboard/record/log/index.js';
import { float64, type Random } from '../../../src/index.js';
import { type FaultKind, Faults } from '../faults.js';
import { faultyDisk } from '../faulty-disk.js';
import { Page } from '../page.js';
import { ours, type Parts } from '../parts.js';
import { type HistoryOptions, type Report, reported } from '../report.js';
import { scenario } from '../scenario.js';
import { seeded } from '../seeding.js';
import { SimulatedDisk } from '../simulated-disk.js';
import { SimulatedEnvironment } from '../simulated-environment.js';
import { patience, watched } from '../watched.js';
import { Violation, Witness } from '../witness.js';
import { directory } from '../world.js';
import { RaceAgreement } from './race-agreement.js';
import { branchDirectory, RaceLife } from './race-life.js';
import { references } from './race-reference.js';
import { type RaceScenario, raceScenario } from './race-scenario.js';

/** Processes that a race may take, and the first of them in which nothing goes wrong any more. */
const mostLives = 8;
const healedFrom = 6;

/** Kinds that the history of a single training is about: a race is spared them. */
const spared: readonly FaultKind[] = [
  'lyingSync',
  'damagedCheckpoint',
  'lateWorker',
  'deadWorker',
  'failedRoot',
];

/** The history of a race of several methods under the faults of a seed, each method held to a run of its own. */
export class RaceHistory {
  readonly #witness = new Witness();
  readonly #faults: Faults;
  readonly #scenario: RaceScenario;
  readonly #agreement: RaceAgreement;
  readonly #random: Random;
  readonly #parts: Parts;
  readonly #arrays: number;
  #page = new Page();
  #disk = new SimulatedDisk();
  #lives = 0;
  /** The user's function has thrown, and was mended. */
  #isMended = false;
  #isResultLost = false;

  constructor(
    readonly seed: number,
    { without = [], parts = ours }: HistoryOptions = {},
  ) {
    this.#parts = parts;
    this.#random = seeded(seed).fork('race history');
    this.#faults = new Faults(seed, (kind) => this.#witness.struck.add(kind), [...without, ...spared]);
    this.#scenario = raceScenario(seed, this.#faults.kinds);
    const labels = this.#scenario.contestants.map(({ label }) => label);
    this.#agreement = new RaceAgreement(references(this.#scenario), labels, this.#witness);
    this.#arrays = float64.live();
  }

  run(): Promise<Report> {
    return reported(this.seed, this.#faults, this.#witness, () => this.#live());
  }

  /** One process; whether the race has ended with it. */
  async #live(): Promise<boolean> {
    const [witness, faults, race] = [this.#witness, this.#faults, this.#scenario];
    const number = this.#lives++;
    const place = `process ${number}`;
    witness.holds(number < mostLives, () => 'the race does not end');
    if (number === healedFrom) faults.heal();
    const environment = new SimulatedEnvironment(
      this.#random.fork(`life ${number}`),
      faults,
      race.longestLook,
    );
    this.#disk.disk.rmSync(`${directory}/events.lock`, { force: true }); // its process is gone
    let death: { readonly at: number; readonly kept: 'all' | 'some' } | undefined;
    let hasLeft = false;
    const disk = faultyDisk(this.#disk, faults, (at) => {
      death ??= { at, kept: 'some' };
    });
    let life: RaceLife;
    try {
      life = new RaceLife({
        race,
        setting: this.#isMended ? race.mended : race.setting,
        scenario: scenario(this.seed, 'sound'),
        faults,
        environment,
        disk: this.#parts.disk(disk),
        parts: this.#parts,
        page: this.#page,
        first: number === 0,
        onFrame: () => 'stay',
        onRecovery() {},
        onCheckpoint() {},
        onEvent: (event) => {
          witness.holds(!hasLeft, () => `${event.kind} came to a subscriber who had left`);
          witness.note(place, { event: event.kind, told: event, at: environment.now() });
          hasLeft = (event.kind === 'step' || event.kind === 'point') && faults.strikes('leavingSubscriber');
          return hasLeft ? 'leave' : 'stay';
        },
      });
    } catch (error) {
      witness.note(`${place} is refused`, { message: (error as Error).message });
      const hasCause = witness.struck.has('fullDisk') || death !== undefined;
      witness.holds(hasCause, () => `it does not go on: ${(error as Error).stack}`);
      if (death !== undefined) this.#die(death);
      return false;
    }
    const isOver = () => {
      if (death === undefined && life.ending.kind === 'running' && faults.strikes('killed')) {
        death = { at: this.#disk.changes.length, kept: 'all' };
      }
      const isBranching = life.branch?.ending.kind === 'running' && life.ending.kind === 'complete';
      return death !== undefined || (life.ending.kind !== 'running' && !isBranching);
    };
    const how = await environment.run(isOver, number < healedFrom ? 20 * patience : patience, 'all');
    this.#isResultLost ||= life.failures.some((failure) => failure.includes('.safetensors'));
    const { kind } = life.ending;
    witness.note(`${place} ends`, { how, ending: death?.kept ?? kind, failures: life.failures });
    witness.holds(how === 'ended', () => `the race is ${how}, ${life.control.state}`);
    await this.#freed(life);
    if (death !== undefined) {
      life.viewer.network.end();
      this.#die(death);
      this.#agreed();
      return false;
    }
    witness.holds(
      life.failures.length === 0 || witness.struck.has('fullDisk'),
      () => `the disk failed: ${life.failures[0]}`,
    );
    if (life.ending.kind === 'error') {
      this.#agreement.error(life.ending.error);
      this.#isMended = true;
    }
    if (kind === 'left') witness.saw('the subscriber left inside next');
    const told = this.#agreed();
    this.#branched(life);
    if (kind !== 'complete') {
      life.viewer.network.end();
      return false;
    }
    const log = Array.from(readLog(directory, { disk: this.#disk.disk }), ({ event }) => event);
    if (log.at(-1)?.kind !== 'result') {
      const isTold = life.failures.some((failure) => failure.includes('events.log'));
      witness.holds(isTold, () => 'a race that has ended has no result in its log, and nobody was told');
      life.viewer.network.end();
      return false;
    }
    told.forEach((one, i) => {
      witness.holds(one.outcome !== undefined, () => `method ${i} has no outcome`);
      if (!this.#isResultLost) this.#agreement.result(this.#disk.disk, i, one);
      if (one.outcome?.outcome.kind === 'stopped') witness.saw('a race was stopped from the page');
    });
    if (log.some((event) => event.kind === 'control' && event.action === 'resume')) {
      witness.saw('a race was paused from the page and went on');
    }
    if (number > 0) witness.saw('a race went on where its record ended');
    faults.heal();
    await watched(life.viewer, log, environment, witness, place);
    return true;
  }

  /** What is on disk agrees with methods that run alone. */
  #agreed() {
    const { disk } = this.#disk;
    try {
      return disk.existsSync(`${directory}/events.log`) ? this.#agreement.record(disk) : [];
    } catch (error) {
      if (error instanceof LogError) throw new Violation(error.message);
      throw error;
    }
  }

  /** A run begun from a checkpoint is, from there on, the one it was begun from. */
  #branched({ branch, failures }: RaceLife): void {
    const { witness } = this.#agreement;
    if (branch === undefined) return;
    if (branch.ending.kind === 'error')
      throw new Violation(`the branch: ${(branch.ending.error as Error).stack}`);
    const own = new RaceAgreement(
      this.#agreement.references.slice(0, 1),
      this.#agreement.labels.slice(0, 1),
      witness,
    );
    const [{ outcome }] = own.record(this.#disk.disk, branchDirectory, branch.step);
    const isCut = failures.some(
      (failure) => failure.includes(branchDirectory) && failure.includes('events.log'),
    );
    if (branch.ending.kind !== 'complete' || isCut) return;
    witness.holds(outcome !== undefined, () => 'the branch has ended without an outcome');
    witness.saw('a run was begun from a checkpoint of one that went on');
  }

  #die({ at, kept }: { readonly at: number; readonly kept: 'all' | 'some' }): void {
    const random = this.#random.fork(`death ${this.#lives}`);
    this.#disk = this.#disk.cut(at, { kept, draw: () => random.uniform() });
    if (kept === 'all') return;
    const { cookie } = this.#page;
    this.#page = new Page(); // the browser had no power either
    this.#page.cookie = cookie;
  }

  /** Whatever brought the end, nothing is alive that was not before. */
  async #freed(life: RaceLife): Promise<void> {
    life.discard();
    await new Promise((resolve) => setImmediate(resolve));
    const { setting, examples } = this.#scenario;
    // A solver that is left in the middle has no end to give its arrays back at: they are the garbage collector's.
    const isWhole = setting.kind === 'model' || (this.#lives === 1 && life.ending.kind === 'complete');
    const arrays = isWhole ? float64.live() - this.#arrays : 0;
    const { alive } = examples;
    this.#witness.holds(
      arrays === 0 && alive === 0,
      () => `${arrays} arrays and ${alive} batches are left over`,
    );
  }
}
