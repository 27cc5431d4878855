import type { Checkpoint, Control, Environment } from '../../../streams/index.js';
import type { Store } from '../../record/recording/checkpoint-store.js';
import type { Recorder } from '../../record/recording/recorder.js';
import type { Contestant } from '../arguments/chosen-methods.js';
import type { Acting } from './acting.js';
import type { Setting } from './setting.js';

/** Everything that a race under way needs. */
export interface RunningRace {
  readonly setting: Setting;
  readonly contestants: readonly Contestant[];
  readonly recorder: Recorder;
  /** Where each training goes on; from the start where there is none. */
  readonly checkpoints: readonly (Checkpoint | undefined)[];
  readonly store: Store;
  readonly control: Control;
  /** What else may be done to it while it runs. */
  readonly acting?: Acting;
  /** Clock and turns; by default those of this machine. */
  readonly environment?: Environment;
}
