import type { Adjusted, Controlled } from '../../record/events.js';
import type { Recorder } from '../../record/recording/recorder.js';
import type { AdjustableMethod } from './adjustable-method.js';

/** What may be done to a race under way beside pausing and stopping it; each action stands in the log. */
export class Acting {
  /** How often a checkpoint of all methods was asked for. */
  checkpoints = 0;
  readonly #methods = new Map<number, AdjustableMethod>();

  constructor(readonly recorder: Recorder) {}

  /** Lets a method be adjusted, one that trains and has not ended. */
  offer(index: number, method: AdjustableMethod): void {
    this.#methods.set(index, method);
  }

  checkpoint(): void {
    this.checkpoints++;
    this.#append({ action: 'checkpoint' });
  }

  /**
   * Changes an option of a method from its next step on.
   *
   * @throws RangeError or TypeError where there is no such method, or the option cannot have this value
   */
  adjust({ method: index, option, value }: Pick<Adjusted, 'method' | 'option' | 'value'>): void {
    const { recorder } = this;
    const state = recorder.state.methods[index];
    const method = this.#methods.get(index);
    if (method === undefined || state === undefined || state.outcome !== undefined) {
      throw new RangeError(`adjust(method): none that trains has the number ${index}`);
    }
    method.adjust({ option, value });
    const { seconds } = recorder;
    const by = 'page';
    recorder.append({
      kind: 'control',
      action: 'adjust',
      by,
      method: index,
      step: state.taken,
      seconds,
      option,
      value,
    });
  }

  #append(what: Pick<Controlled, 'action'>): void {
    this.recorder.append({ kind: 'control', ...what, by: 'page', seconds: this.recorder.seconds });
  }
}
