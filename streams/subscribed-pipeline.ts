import { type OperatorFunction, Subject, type Subscription } from 'rxjs';
import type { Abilities, Need } from '../src/objective/objective.js';
import { composed } from './composed.js';
import type { Environment } from './environment.js';
import { Frame } from './frame.js';
import { LostFrame } from './lost-frame.js';
import { subscribing } from './needs.js';

/** Who sends frames into a pipeline, and hears of what becomes of them later. */
export interface Sender {
  /** The frame that was away is back. */
  back(): void;
  /** The pipeline has completed while a frame was away. */
  completed(): void;
  failed(cause: unknown): void;
}

/** The pipeline of a run, subscribed: one frame at a time is sent into it, and comes back at once or later. */
export class SubscribedPipeline<T> {
  readonly #head = new Subject<Frame<T>>();
  readonly #lost: LostFrame;
  readonly #subscription: Subscription;
  #away: Frame<T> | null = null;
  #sending = false;
  #completed = false;

  /** @throws TypeError where the pipeline is none, or needs what the problem cannot give */
  constructor(
    pipeline: OperatorFunction<Frame<T>, Frame<T>>,
    problem: { readonly name: string; readonly abilities: Abilities; readonly needs: Set<Need> },
    frameTimeout: number,
    private readonly sender: Sender,
    environment: Environment,
  ) {
    this.#lost = new LostFrame(
      frameTimeout,
      () => this.#away,
      (error) => sender.failed(error),
      environment,
    );
    this.#subscription = subscribing(problem.name, problem.abilities, problem.needs, () =>
      composed(pipeline, this.#head).subscribe({
        next: (frame) => this.#comeBack(frame),
        error: (cause) => sender.failed(cause),
        complete: () => {
          this.#completed = true;
          if (this.#away !== null && !this.#sending) sender.completed();
        },
      }),
    );
  }

  /** Whether it takes no more frames. */
  get completed(): boolean {
    return this.#completed;
  }

  /** Sends a frame, and tells whether it came back at once. */
  send(frame: Frame<T>): boolean {
    this.#away = frame;
    this.#sending = true;
    frame.timed(() => this.#head.next(frame));
    this.#sending = false;
    return this.#away === null;
  }

  /** Takes care that a frame that stays away is noticed. */
  wait(): void {
    this.#lost.watch();
  }

  /** Waits no longer for the frame that is away. */
  giveUp(): void {
    this.#away = null;
  }

  close(): void {
    this.#away = null;
    this.#lost.stop();
    this.#subscription.unsubscribe();
  }

  #comeBack(frame: unknown): void {
    if (this.#away === null || frame !== this.#away) {
      const what =
        frame instanceof Frame ? `passed on the frame of step ${frame.step} twice` : 'made another frame';
      this.sender.failed(new Error(`the pipeline ${what}; every frame has to come out exactly once`));
      return;
    }
    this.#away = null;
    this.#lost.stop();
    if (!this.#sending) this.sender.back();
  }
}
