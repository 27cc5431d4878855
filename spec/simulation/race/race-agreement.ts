import { decodeSafetensors } from '../../../dashboard/record/checkpoint/safetensors.js';
import type { Disk } from '../../../dashboard/record/disk/disk.js';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { readLog } from '../../../dashboard/record/log/index.js';
import { fileName } from '../../../dashboard/record/recording/checkpoint-store.js';
import { ObjectiveError } from '../../../src/objective/index.js';
import { bits } from '../scenario.js';
import type { Witness } from '../witness.js';
import { directory } from '../world.js';
import { Thrown } from './holed-function.js';
import type { Reference } from './race-reference.js';

/** What a log says of one method. */
interface Told {
  readonly points: number;
  readonly steps: number;
  readonly outcome: Extract<RunEvent, { kind: 'outcome' }> | undefined;
}

/** Whether the record of a race is that of methods that ran each alone, bit for bit. */
export class RaceAgreement {
  constructor(
    readonly references: readonly Reference[],
    readonly labels: readonly string[],
    readonly witness: Witness,
  ) {}

  /** What is on disk: of every method a beginning of its reference, with no step missing; time does not go back. */
  record(disk: Disk, folder = directory, begun = 0): readonly Told[] {
    const { references, witness } = this;
    const told = references.map(() => ({ points: 0, steps: begun, outcome: undefined as Told['outcome'] }));
    let seconds = 0;
    for (const { event } of readLog(folder, { disk })) {
      if ('seconds' in event) {
        witness.holds(event.seconds >= seconds, () => `${event.seconds} s in the log, after ${seconds} s`);
        seconds = event.seconds;
      }
      if (!('method' in event)) continue;
      const [one, reference] = [told[event.method], references[event.method]];
      const label = this.labels[event.method];
      if (event.kind === 'point') {
        witness.holds(
          event.step === one.points,
          () => `${label}: point ${event.step} where ${one.points} was due`,
        );
        this.#finite(event.x, label);
        witness.holds(
          reference.path[event.step] !== undefined && bits(event.x) === bits(reference.path[event.step]),
          () => `${label}: point ${event.step} is not that of a run alone`,
        );
        one.points++;
      } else if (event.kind === 'step') {
        witness.holds(
          event.step === one.steps,
          () => `${label}: step ${event.step} where ${one.steps} was due`,
        );
        witness.holds(
          Object.is(event.loss, reference.losses[event.step]),
          () => `${label}: step ${event.step} has another loss than in a run alone`,
        );
        one.steps++;
      } else if (event.kind === 'outcome') {
        one.outcome = event;
        if (event.outcome.kind !== 'stopped') this.#outcome(event, reference, label);
      }
    }
    return told;
  }

  /** An error is the user's function's own, and comes where it threw in a run alone. */
  error(error: unknown): void {
    const { witness, references } = this;
    witness.holds(
      error instanceof ObjectiveError &&
        error.cause instanceof Thrown &&
        references.some(({ throws }) => throws),
      () => `no cause for ${(error as Error).stack}`,
    );
    witness.saw('a function threw, and all methods stopped where they were');
  }

  /** The parameters that an ended method leaves. */
  result(disk: Disk, method: number, { outcome }: Told): void {
    const label = this.labels[method];
    // Stopped before it came again to where the record ends, it leaves all as it was.
    const isStopped = outcome!.outcome.kind === 'stopped';
    if (isStopped && !disk.existsSync(`${directory}/${fileName(label)}`)) return;
    const { arrays } = decodeSafetensors(disk.readFileSync(`${directory}/${fileName(label)}`));
    const [{ data }] = arrays.values();
    const { path } = this.references[method];
    const at = path[Math.min(outcome!.step, path.length - 1)];
    this.witness.holds(bits(data) === bits(at), () => `${label}: the result is not where a run alone ends`);
  }

  #finite(x: readonly number[], label: string): void {
    this.witness.holds(x.every(Number.isFinite), () => `${label}: a point that is not finite was taken`);
  }

  #outcome({ outcome, step }: NonNullable<Told['outcome']>, reference: Reference, label: string): void {
    const { witness } = this;
    const { kind, message } = reference.outcome;
    witness.holds(
      outcome.kind === kind && (message === undefined || outcome.message === message),
      () => `${label}: ends as ${outcome.kind} (${outcome.message}), alone as ${kind} (${message})`,
    );
    witness.holds(
      step === reference.path.length - 1,
      () => `${label}: ends at step ${step}, alone at ${reference.path.length - 1}`,
    );
    if (kind === 'nonFinite') witness.saw('one method of a race failed, and the others went on');
    if (reference.rejected) witness.saw('a rejected step was restored');
  }
}
