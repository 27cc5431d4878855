import type { Checkpoint, Control } from '../../../streams/index.js';
import type { CheckpointStore } from '../../record/recording/checkpoint-store.js';
import type { Recorder } from '../../record/recording/recorder.js';
import type { Contestant } from '../arguments/chosen-methods.js';
import type { Setting } from './setting.js';

/** Everything that a race under way needs. */
export interface Race {
  readonly setting: Setting;
  readonly contestants: readonly Contestant[];
  readonly recorder: Recorder;
  /** Where each training goes on; from the start where there is none. */
  readonly checkpoints: readonly (Checkpoint | undefined)[];
  readonly store: CheckpointStore;
  readonly control: Control;
  /** Called after every step of every method. */
  onStep(): void;
}
