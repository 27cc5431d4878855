import { relative } from 'node:path';
import type { RunStarted } from '../../record/events.js';
import type { MethodState } from '../../record/method-state.js';
import type { RunState } from '../../record/run-state.js';
import { duration } from '../terminal/figures.js';
import { LiveLines } from '../terminal/live-lines.js';
import { progressLines } from '../terminal/progress.js';
import { resultTable } from '../terminal/result-table.js';
import { routingLines } from '../terminal/routing-lines.js';
import { seedsTable } from '../terminal/seeds-table.js';

/** What a race says while it runs: lines and a table for a person, or one JSON object a line. */
export interface RaceOutput {
  dashboard(url: string, directory: string, run: RunStarted): void;
  progress(state: RunState): void;
  result(state: RunState, directory: string): void;
  /** What went wrong on the way, at once. */
  trouble(text: string): void;
  /** A sentence for a person. */
  note(text: string): void;
}

export function raceOutput(json: boolean): RaceOutput {
  return json ? new JsonLines() : new Lines();
}

class Lines implements RaceOutput {
  readonly #live = new LiveLines(process.stdout);

  dashboard(url: string, _: string, run: RunStarted): void {
    const { problem, methods, steps, batch, seed, backend } = run;
    const runs = [...new Set(methods.map((method) => method.seed))];
    const count = methods.length / runs.length;
    const details = [
      `${count} method${count === 1 ? '' : 's'}`,
      `${steps} steps each`,
      ...(batch === undefined ? [] : [`batches of ${batch}`]),
      runs.length === 1 ? `seed ${seed}` : `${runs.length} seeds from ${seed} on`,
      ...(backend === undefined ? [] : [`on ${backend}`]),
    ];
    this.note(`${problem}: ${details.join(', ')}`);
    for (const line of routingLines(methods)) this.note(line);
    this.note(`Dashboard: ${url}\n`);
  }

  progress(state: RunState): void {
    this.#live.draw(() => progressLines(state));
  }

  trouble(text: string): void {
    this.#live.leave();
    process.stderr.write(`${text}\n`);
  }

  result(state: RunState, directory: string): void {
    this.#live.drawNow(progressLines(state));
    this.#live.leave();
    const comparison = state.comparison();
    this.note(`\n${comparison === undefined ? resultTable(state.results()) : seedsTable(comparison)}\n`);
    for (const { description, outcome } of state.methods) {
      if (outcome !== undefined && outcome.kind !== 'budget') {
        this.note(`${description.label}: ${outcome.message}`);
      }
    }
    const { derivatives } = state.run;
    const differences = (['gradient', 'hessian'] as const).filter(
      (one) => derivatives?.[one] === 'differences',
    );
    if (differences.length > 0) {
      this.note(`By central differences, as the problem does not give it: ${differences.join(', ')}`);
    }
    const record = relative(process.cwd(), directory) || '.';
    this.note(
      `${duration(state.seconds)}. Recorded in ${record}; look again by: npx fluxion watch ${record}`,
    );
  }

  note(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}

class JsonLines implements RaceOutput {
  #last = Number.NEGATIVE_INFINITY;
  /** The step that each method was evaluated at last, by label and seed. */
  readonly #evaluated = new Map<string, number>();

  constructor() {
    // Only JSON may be printed there: whatever else is printed goes to stderr.
    console.log = console.info = console.debug = console.error;
  }

  dashboard(url: string, directory: string, { methods }: RunStarted): void {
    this.#write({ event: 'dashboard', url, directory });
    for (const { name, label, routes } of methods) {
      if (routes !== undefined) this.#write({ event: 'routing', name, label, routes });
    }
  }

  progress(state: RunState): void {
    for (const method of state.methods) this.#evaluation(method, state.seconds);
    const now = performance.now();
    if (now - this.#last < 1_000) return;
    this.#last = now;
    for (const method of state.methods) this.#write({ event: 'progress', ...progressOf(method) });
  }

  result(state: RunState, directory: string): void {
    for (const method of state.methods) {
      this.#evaluation(method, state.seconds);
      this.#write({ event: 'progress', ...progressOf(method) });
    }
    const comparison = state.comparison();
    this.#write({ event: 'result', methods: state.results(), ...(comparison && { comparison }), directory });
  }

  trouble(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  #evaluation(method: MethodState, seconds: number): void {
    const { description, evaluatedAt: step, loss, accuracy, squaredError, milliseconds } = method;
    const { name, label, seed } = description;
    const key = JSON.stringify([label, seed]);
    if (step < 0 || this.#evaluated.get(key) === step) return;
    this.#evaluated.set(key, step);
    this.#write({
      event: 'evaluation',
      name,
      label,
      seed,
      step,
      seconds,
      stepSeconds: milliseconds / 1_000,
      loss,
      accuracy,
      squaredError,
    });
  }

  /** NaN and ±∞, for which JSON has no word, become null; the outcome says what happened. */
  #write(object: object): void {
    process.stdout.write(`${JSON.stringify(object)}\n`);
  }
}

function progressOf(method: MethodState): object {
  const { description, budget, taken, rate, accuracy, squaredError, secondsLeft, outcome } = method;
  return {
    name: description.name,
    label: description.label,
    step: taken,
    steps: budget,
    loss: method.value ?? method.smoothedLoss,
    accuracy,
    squaredError,
    stepsPerSecond: rate,
    secondsLeft: outcome === undefined ? secondsLeft : 0,
  };
}
