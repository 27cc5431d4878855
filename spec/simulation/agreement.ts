import { readCheckpoint } from '../../dashboard/record/checkpoint/index.js';
import { decodeSafetensors } from '../../dashboard/record/checkpoint/safetensors.js';
import type { Disk } from '../../dashboard/record/disk/disk.js';
import { LogError, readLog } from '../../dashboard/record/log/index.js';
import { recordedState } from '../../dashboard/record/recording/recorded-state.js';
import type { RunState } from '../../dashboard/record/run-state.js';
import type { HostArray, SavedArray } from '../../src/index.js';
import { type Frame, StageError } from '../../streams/index.js';
import { bits, bitsOf, type Model } from './scenario.js';
import type { Witness } from './witness.js';
import { checkpointFile, directory, label, log } from './world.js';

/** Whether a run, its record and its result are the model's, bit for bit. */
export class Agreement {
  constructor(
    readonly model: Model,
    readonly witness: Witness,
  ) {}

  frame(frame: Frame<HostArray>, due: number): void {
    const { model, witness } = this;
    const { step, parameters, nextParameters, stepped, outcome, lossValue } = frame;
    const at = bitsOf(parameters as HostArray);
    witness.holds(step === due, () => `step ${step} came where step ${due} was due`);
    witness.holds(
      at === bits(model.parameters[step]),
      () => `step ${step} begins elsewhere than the model's`,
    );
    if (stepped) {
      witness.holds(lossValue === model.losses[step], () => `step ${step} has another loss than the model's`);
      const to = bitsOf(nextParameters as HostArray);
      witness.holds(
        to === bits(model.parameters[step + 1]),
        () => `step ${step} leads elsewhere than the model's`,
      );
    }
    if (outcome?.kind !== 'nonFinite') return;
    witness.holds(witness.struck.has('spoiltUpdate'), () => `a NaN that nobody made: ${outcome.message}`);
    witness.holds(
      outcome.stage === 'spoiling' && outcome.step === step,
      () => `the NaN is told of ${outcome.stage}`,
    );
    witness.saw('a NaN ended the run, told with its stage');
  }

  /** An error comes with its stage and the last good parameters, and not without a cause. */
  error(error: unknown): void {
    const { model, witness } = this;
    const causes = (['deadWorker', 'lateWorker', 'leapingClock'] as const).filter((kind) =>
      witness.struck.has(kind),
    );
    witness.holds(
      error instanceof StageError && causes.length > 0,
      () => `no cause for ${(error as Error).stack}`,
    );
    const { step, parameters } = error as StageError;
    const kept = bits((parameters as SavedArray).data);
    witness.holds(
      kept === bits(model.parameters[step]),
      () => `the error of step ${step} keeps other parameters`,
    );
    witness.saw('a thread died or was late, which ended the run in words');
  }

  /** What is on disk: no step is missing or another, and nothing that was promised is lost. Returns how far it is. */
  record(disk: Disk, promised: number): RunState | undefined {
    const { model, witness } = this;
    const lied = witness.struck.has('lyingSync');
    let state: RunState | undefined;
    try {
      state = disk.existsSync(log) ? recordedState(directory, disk) : undefined;
      let due = 0;
      for (const { event } of state === undefined ? [] : readLog(directory, { disk })) {
        if (event.kind !== 'step') continue;
        const { step, loss } = event;
        witness.holds(step === due++, () => `the log tells step ${step} where step ${due - 1} was due`);
        witness.holds(loss === model.losses[step], () => `the log tells another loss of step ${step}`);
      }
    } catch (error) {
      if (error instanceof LogError && lied) return undefined;
      throw error;
    }
    if (lied) return state;
    const taken = state?.methods[0].taken ?? 0;
    witness.holds(
      taken >= promised,
      () => `the log ends at step ${taken}, before the checkpoint of ${promised}`,
    );
    if (promised === 0) return state;
    const { step } = readCheckpoint(checkpointFile, disk);
    witness.holds(step >= promised, () => `the checkpoint is of step ${step}, that of ${promised} was there`);
    return state;
  }

  /** The parameters that the run leaves. */
  result(disk: Disk, taken: number): void {
    const { arrays } = decodeSafetensors(disk.readFileSync(`${directory}/${label}.safetensors`));
    const [{ data }] = arrays.values();
    const { model, witness } = this;
    witness.holds(
      bits(data) === bits(model.parameters[taken]),
      () => `the result is not the model's at step ${taken}`,
    );
  }
}
