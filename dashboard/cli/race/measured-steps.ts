import type { HostArray } from '../../../src/algebra/index.js';
import { float64, type State } from '../../../src/index.js';
import type { AnyMethod } from '../../../src/methods/index.js';
import type { Solver } from '../../../src/objective/solver.js';
import { type Chain, chain, type Transform } from '../../../src/transforms/index.js';
import { bytesOf } from '../../../streams/slot.js';
import type { OperatorsMeasured } from '../../record/events.js';
import { StateAges } from '../../record/recording/state-ages.js';
import { arraysHeldBy } from './arrays-held.js';

type Measured = Pick<OperatorsMeasured, 'operators' | 'source'>;

/** Steps are timed in stretches, of which the first is longer: a step may take less than looks at the clock. */
const stretch = { first: 256, length: 32, every: 512 };
/** What a problem may be asked for. */
const asked = ['value', 'gradient', 'hessian', 'hessianVectorProduct', 'residuals', 'jacobian'] as const;

/**
 * What the steps of a method on a function cost, and what it holds: the function by itself, and each transform or, of a
 * solver, all of it as one, as direction and search, region and subproblem ask each other.
 *
 * What was timed stands for all steps.
 */
export class MeasuredSteps {
  #steps = 0;
  #timed = 0;
  /** The last step that was timed: states are as old as they were then. */
  #looked = 0;
  #isTimed = true;
  /** Milliseconds: of timed steps, of the function in them, and of each transform with what it asked of the function. */
  #whole = 0;
  #function = 0;
  #parts: number[] = [];
  /** How many transforms, or calls of the function, are under way: a function may call another. */
  #depth = { part: 0, call: 0 };
  #states: readonly State<HostArray>[] = [];
  readonly #ages = new StateAges(float64);
  #held: object | undefined;

  constructor(readonly now: () => number) {}

  /** The same problem, its calls timed. */
  problem<P extends object>(problem: P): P {
    const timed: P = Object.create(problem);
    for (const name of asked) {
      const call = (problem as Record<string, unknown>)[name];
      if (typeof call !== 'function') continue;
      const value = (...given: unknown[]): unknown => {
        if (!this.#isTimed || this.#depth.part > 0 || this.#depth.call > 0) return call.apply(problem, given);
        const begun = this.now();
        this.#depth.call++;
        try {
          return call.apply(problem, given);
        } finally {
          this.#depth.call--;
          this.#function += this.now() - begun;
        }
      };
      Object.defineProperty(timed, name, { value }); // a problem may let nobody assign
    }
    return timed;
  }

  /** The same method, its transforms timed where it is made of them. */
  method(method: AnyMethod): AnyMethod {
    return 'parts' in method ? this.#chain(method) : method;
  }

  #chain(method: Chain): Chain {
    this.#parts = method.parts.map(() => 0);
    const timed = chain(...method.parts.map((part, i): Transform => this.#part(part, i)));
    return {
      ...method,
      update: (context, states) => {
        const step = timed.update(context, states);
        this.#states = step.state as readonly State<HostArray>[];
        return step;
      },
    };
  }

  #part(part: Transform, i: number): Transform {
    return {
      ...part,
      update: (context, state) => {
        if (!this.#isTimed) return part.update(context, state);
        const begun = this.now();
        this.#depth.part++;
        try {
          return part.update(context, state);
        } finally {
          this.#depth.part--;
          this.#parts[i] += this.now() - begun;
        }
      },
    };
  }

  /** The same solver, of which it is seen what it holds. */
  solver(solver: Solver): Solver {
    return {
      ...solver,
      start: (evaluations, at) => {
        const iteration = solver.start(evaluations, at);
        this.#held = iteration;
        return iteration;
      },
    };
  }

  /** Takes note of a step that was taken, and of how long it took. */
  take(milliseconds: number): void {
    if (this.#isTimed) {
      this.#timed++;
      this.#whole += milliseconds;
      this.#ages.take(
        this.#states.map((state) => ({ state })),
        this.#steps,
      );
      this.#looked = this.#steps;
    }
    this.#steps++;
    this.#isTimed = this.#steps < stretch.first || this.#steps % stretch.every < stretch.length;
  }

  /** Nothing of a start is a step's. */
  begin(): void {
    this.#function = 0;
  }

  /** As the record holds it, with the names that its description has. */
  measured(names: readonly string[]): Measured | undefined {
    if (this.#timed === 0) return undefined;
    const all = this.#steps / this.#timed;
    const frames = this.#steps;
    const entry = (name: string, milliseconds: number, arrays: number, bytes: number, age?: number) => ({
      ...{ name, frames, milliseconds: all * Math.max(0, milliseconds), arrays, bytes },
      ...(age !== undefined && { age }),
    });
    const [first] = names;
    if (this.#parts.length > 0) {
      return {
        // The gradient is what the function is asked for between the transforms.
        operators: [
          entry(first, this.#function, 0, 0),
          ...this.#parts.map((milliseconds, i) => {
            const state = this.#states[i] ?? null;
            const arrays = arraysHeldBy(state).length;
            const age = this.#ages.of(i, this.#looked);
            return entry(names[i + 1], milliseconds, arrays, bytesOf(float64, state), age);
          }),
        ],
      };
    }
    const held = arraysHeldBy(this.#held);
    const bytes = held.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return {
      operators: [entry(first, this.#whole - this.#function, held.length, bytes)],
      source: { milliseconds: all * this.#function },
    };
  }
}
