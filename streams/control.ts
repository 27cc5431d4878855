/**
 * Steers runs from outside: pause, resume, one step at a time, stop. One control may steer several runs.
 *
 * A run obeys between two steps, never inside one. A stopped run completes with the outcome `stopped`.
 *
 * @example
 * const control = new Control();
 * train(problem, source, pipeline, { control }).subscribe();
 * control.pause();
 */
export class Control {
  #paused = false;
  #stopped = false;
  #steps = 0;
  #why = 'stopped by its control';
  readonly #listeners = new Set<() => void>();

  get state(): 'running' | 'paused' | 'stopped' {
    if (this.#stopped) return 'stopped';
    return this.#paused ? 'paused' : 'running';
  }

  /** How often `step` was asked for. */
  get steps(): number {
    return this.#steps;
  }

  /** Why runs end when they are stopped, in the words of their outcome. */
  get why(): string {
    return this.#why;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#notify();
  }

  /** Pauses, and lets every run take one step more. */
  step(): void {
    this.#paused = true;
    this.#steps++;
    this.#notify();
  }

  /** For good: a run started with a stopped control takes no step. `why` is what its outcome says. */
  stop(why?: string): void {
    if (!this.#stopped) this.#why = why ?? this.#why;
    this.#stopped = true;
    this.#notify();
  }

  /** Calls `listener` whenever a waiting run may have something to do; returns how to stop that. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
