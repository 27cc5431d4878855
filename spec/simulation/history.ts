import { DiskError } from '../../dashboard/record/disk/disk-error.js';
import { LogError, readLog } from '../../dashboard/record/log/index.js';
import { float64, type HostArray, type Random } from '../../src/index.js';
import type { Frame } from '../../streams/index.js';
import { Agreement } from './agreement.js';
import { Faults } from './faults.js';
import { faultyDisk } from './faulty-disk.js';
import { Life } from './life.js';
import { Page } from './page.js';
import { ours, type Parts } from './parts.js';
import { type HistoryOptions, type Report, reported } from './report.js';
import { bitsOf, model, type Scenario, scenario } from './scenario.js';
import { seeded } from './seeding.js';
import { SimulatedDisk } from './simulated-disk.js';
import { SimulatedEnvironment } from './simulated-environment.js';
import { patience, watched } from './watched.js';
import { Witness } from './witness.js';
import { checkpointFile, directory, label } from './world.js';

/** Processes that a run may take, and the first of them in which nothing goes wrong any more. */
const mostLives = 9;
const healedFrom = 7;

/** A process gone: after which change of the disk, and what of it that was not synced is kept. */
interface Death {
  readonly at: number;
  readonly kept: 'all' | 'some';
}

/** The history of one run under the faults of a seed, in as many processes as it takes, held to a model at every step. */
export class History {
  readonly #witness = new Witness();
  readonly #faults: Faults;
  readonly #scenario: Scenario;
  readonly #agreement: Agreement;
  readonly #random: Random;
  #page = new Page();
  readonly #arrays: number;
  #disk = new SimulatedDisk();
  /** How many changes of which disk stand in the trail. */
  #told = { disk: this.#disk, changes: 0 };
  #lives = 0;
  /** Checkpoints that were written, and after which change of the disk. */
  #promised: { readonly at: number; readonly step: number }[] = [];
  #isDamaged = false;
  /** A full disk took no parameters, which was told: a run that has ended writes them no more. */
  #isResultLost = false;

  readonly #parts: Parts;

  constructor(
    readonly seed: number,
    { without, parts = ours }: HistoryOptions = {},
  ) {
    this.#parts = parts;
    this.#random = seeded(seed).fork('history');
    this.#faults = new Faults(seed, (kind) => this.#witness.struck.add(kind), without);
    this.#scenario = scenario(seed, this.#faults.kinds.includes('failedRoot') ? 'failing' : 'sound');
    this.#agreement = new Agreement(model(this.#scenario), this.#witness);
    this.#arrays = float64.live();
  }

  run(): Promise<Report> {
    return reported(this.seed, this.#faults, this.#witness, () => this.#live());
  }

  /** One process; whether the run has ended with it. */
  async #live(): Promise<boolean> {
    const [witness, faults] = [this.#witness, this.#faults];
    const number = this.#lives++;
    witness.holds(number < mostLives, () => 'the run does not end');
    if (number === healedFrom) faults.heal();
    const environment = new SimulatedEnvironment(this.#random.fork(`life ${number}`), faults);
    this.#disk.disk.rmSync(`${directory}/events.lock`, { force: true }); // its process is gone
    witness.struck.delete('fullDisk');
    let death: Death | undefined;
    const powerCut = (at: number) => {
      death ??= { at, kept: 'some' };
    };
    let due = 0;
    let last: Frame<HostArray> | undefined;
    const onFrame = (frame: Frame<HostArray>) => {
      witness.note(`process ${number}, step ${frame.step}`, {
        parameters: bitsOf(frame.parameters as HostArray),
        loss: frame.lossValue,
        state: frame.stepped ? frame.checkpoint() : 'none',
        outcome: frame.outcome?.kind ?? 'none',
        disk: this.#changesSince(),
        at: environment.now(),
      });
      this.#agreement.frame(frame, due);
      witness.holds(last?.outcome === undefined, () => `a frame of step ${frame.step} after the last`);
      due = frame.step + 1;
      last = frame;
      return frame.outcome === undefined && faults.strikes('leavingSubscriber') ? 'leave' : 'stay';
    };
    const life = this.#begun(environment, powerCut, onFrame);
    if (life === undefined) {
      if (death !== undefined) this.#die(death);
      return false;
    }
    due = life.firstStep;
    const isOver = () => {
      if (death === undefined && life.ending.kind === 'running' && faults.strikes('killed')) {
        death = { at: this.#disk.changes.length, kept: 'all' };
      }
      return death !== undefined || life.ending.kind !== 'running';
    };
    const how = await environment.run(isOver, number < healedFrom ? Number.POSITIVE_INFINITY : patience);
    if (life.violation !== undefined) throw life.violation;
    this.#isResultLost ||= life.failures.some((failure) => failure.includes(`${label}.safetensors`));
    witness.note(`process ${number} ends`, {
      how,
      ending: death?.kept ?? life.ending.kind,
      failures: life.failures,
      disk: this.#changesSince(),
    });
    witness.holds(how === 'ended', () => `the run is ${how} after step ${due}`);
    await this.#freed(life);
    if (death !== undefined) this.#die(death);
    else this.#end(life, last);
    const state = this.#agreement.record(this.#disk.disk, this.#promised.at(-1)?.step ?? 0);
    const outcome = state?.methods[0].outcome;
    if (death === undefined && outcome !== undefined) {
      if (!this.#isResultLost && !witness.struck.has('lyingSync')) {
        this.#agreement.result(this.#disk.disk, state!.methods[0].taken);
      }
      await this.#caughtUp(life, environment);
      return true;
    }
    life.viewer?.network.end();
    if (faults.strikes('damagedCheckpoint')) this.#damage();
    return false;
  }

  /** A process that has begun; undefined where it refused to, with a reason, and with a way on that its words lead to. */
  #begun(
    environment: SimulatedEnvironment,
    powerCut: (at: number) => void,
    onFrame: (frame: Frame<HostArray>) => 'stay' | 'leave',
  ): Life | undefined {
    const [witness, simulated, faults] = [this.#witness, this.#disk, this.#faults];
    try {
      const life = new Life({
        scenario: this.#scenario,
        faults,
        environment,
        disk: this.#parts.disk(faultyDisk(simulated, faults, powerCut)),
        parts: this.#parts,
        page: this.#page,
        first: this.#lives === 1,
        onFrame,
        onRecovery: () => witness.saw('a root failed, and the last one served'),
        onCheckpoint: (step) => this.#promised.push({ at: simulated.changes.length, step }),
      });
      if (life.tornBytes > 0) witness.saw('a torn log was repaired');
      if (life.firstStep > 0) witness.saw('a process went on from a checkpoint');
      return life;
    } catch (error) {
      this.#refused(error);
      return undefined;
    }
  }

  #refused(error: unknown): void {
    const { struck } = this.#witness;
    const lied = struck.has('lyingSync');
    const { message, stack } = error as Error;
    this.#witness.note(`process ${this.#lives - 1} is refused`, { message });
    if (error instanceof DiskError && struck.has('fullDisk')) return;
    if (error instanceof LogError && lied) {
      this.#disk = new SimulatedDisk();
      this.#openAnew();
    } else {
      const isCut = error instanceof TypeError && message.includes('the record was cut');
      const isDamaged = error instanceof RangeError;
      const hasCause = lied || (isDamaged && this.#isDamaged);
      this.#witness.holds((isCut || isDamaged) && hasCause, () => `it does not go on: ${stack}`);
      this.#disk.disk.rmSync(checkpointFile, { force: true });
      this.#settle();
    }
    if (this.#isDamaged) this.#witness.saw('a damaged checkpoint was refused in words');
    else this.#witness.saw('a lying disk was found out in words');
    this.#isDamaged = false;
    this.#promised = [];
  }

  #die({ at, kept }: Death): void {
    const random = this.#random.fork(`death ${this.#lives}`);
    if (at < this.#disk.changes.length) this.#witness.saw('power was cut between two writes');
    this.#disk = this.#disk.cut(at, { kept, draw: () => random.uniform() });
    if (kept === 'some') this.#openAnew(); // the browser had no power either
    this.#promised = this.#promised.filter((one) => one.at <= at).map(({ step }) => ({ at: 0, step }));
  }

  #openAnew(): void {
    const { cookie } = this.#page;
    this.#page = new Page();
    this.#page.cookie = cookie;
  }

  /** What has changed on the disk since it was asked last. */
  #changesSince(): readonly unknown[] {
    if (this.#told.disk !== this.#disk) this.#told = { disk: this.#disk, changes: 0 };
    const since = this.#disk.changes.slice(this.#told.changes);
    this.#told.changes = this.#disk.changes.length;
    return since;
  }

  #end({ ending, failures }: Life, last: Frame<HostArray> | undefined): void {
    const witness = this.#witness;
    this.#promised = this.#promised.map(({ step }) => ({ at: 0, step }));
    witness.holds(
      failures.length === 0 || witness.struck.has('fullDisk'),
      () => `the disk failed: ${failures[0]}`,
    );
    if (failures.length > 0) witness.saw('a full disk was told, and the run went on');
    if (ending.kind === 'error') this.#agreement.error(ending.error);
    if (ending.kind === 'left') witness.saw('the subscriber left inside next');
    if (ending.kind !== 'complete' || last === undefined) return;
    witness.holds(last.outcome !== undefined, () => 'it completed without an outcome');
    if (last.outcome?.kind === 'stopped') witness.saw('the run was stopped');
    else if (this.#lives === 1 && this.#scenario.commands.length > 0)
      witness.saw('the run was paused and went on');
    if (witness.struck.has('lateWorker')) witness.saw('late work was waited for');
  }

  /** Whatever brought the end, nothing is alive that was not before. */
  async #freed(life: Life): Promise<void> {
    life.discard();
    await new Promise((resolve) => setImmediate(resolve));
    const arrays = float64.live() - this.#arrays;
    const batches = life.examples.alive;
    this.#witness.holds(
      arrays === 0 && batches === 0,
      () => `${arrays} arrays and ${batches} batches are left over`,
    );
  }

  /** A page that watches holds what the log says, and nobody else is left, whatever their connections went through. */
  async #caughtUp({ viewer }: Life, environment: SimulatedEnvironment): Promise<void> {
    this.#faults.heal();
    if (viewer === undefined) return;
    const events = Array.from(readLog(directory, { disk: this.#disk.disk }), ({ event }) => event);
    await watched(viewer, events, environment, this.#witness, `process ${this.#lives - 1}`);
  }

  /** The checkpoint loses its end, as by a fault of the disk that no sync guards against. */
  #damage(): void {
    const { disk } = this.#disk;
    if (!disk.existsSync(checkpointFile)) return;
    const file = disk.openSync(checkpointFile, 'r+');
    disk.ftruncateSync(file, Math.floor(disk.fstatSync(file).size * this.#faults.share('damagedCheckpoint')));
    disk.closeSync(file);
    this.#settle();
    this.#isDamaged = true;
    this.#promised = [];
  }

  /** What a person, or the disk itself, does to a file between two processes is there for good. */
  #settle(): void {
    this.#disk = this.#disk.cut(this.#disk.changes.length, { kept: 'all' });
  }
}
