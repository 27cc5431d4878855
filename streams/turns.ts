import type { Control } from './control.js';

/** How one run obeys a control, if it has one: it asks before each step. */
export class Turns {
  /** Of the single steps that the control was asked for, those that this run has taken or that are past. */
  #taken: number;

  constructor(readonly control: Control | undefined) {
    this.#taken = control?.steps ?? 0;
  }

  /** Whether the next step is to be taken now, put off, or never to be taken. */
  next(): 'take' | 'wait' | 'stop' {
    const { control } = this;
    if (control === undefined) return 'take';
    if (control.state === 'stopped') return 'stop';
    if (control.state === 'running') this.#taken = control.steps;
    else if (this.#taken < control.steps) this.#taken++;
    else return 'wait';
    return 'take';
  }

  /** Calls `listener` whenever a run that waits should ask again; returns how to stop that. */
  watch(listener: () => void): () => void {
    return this.control?.watch(listener) ?? (() => {});
  }
}
