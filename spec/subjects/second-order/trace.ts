import type { Readings } from '../../../src/index.js';
import {
  LeastSquaresRun,
  type LeastSquaresSolver,
  type Minimization,
  MinimizationRun,
  type Outcome,
  type Residuals,
  type Solver,
} from '../../../src/index.js';
import type { Told, Trace, Trial } from './subject.js';

/** What runs of both kinds show of themselves. */
interface Run {
  readonly outcome: Outcome | undefined;
  readonly iteration: number;
  advance(): void;
  step(): {
    readonly x: Float64Array;
    readonly value: number;
    readonly gradient: Float64Array;
    readonly gradientNorm: number;
    readonly measures: Readings;
    readonly evaluations?: { readonly value: number };
  };
}

function said(run: Run): Told {
  const { value, gradient, gradientNorm, evaluations } = run.step();
  return { value, gradient: gradient.slice(), gradientNorm, evaluations: evaluations?.value };
}

/** A solver of ours run step by step, with every point it tried. */
export function solverTrace(
  solver: Solver,
  problem: Minimization,
  start: ArrayLike<number>,
  steps: number,
  maxEvaluations = Number.POSITIVE_INFINITY,
): Trace {
  const watch = new TrialWatch();
  const observer = { trial: (x: Float64Array) => watch.tried(x) };
  return watch.follow(
    new MinimizationRun(problem, start, solver, {
      gradientTolerance: 0,
      maxIterations: steps,
      maxEvaluations,
      observer,
    }),
  );
}

/** The same for least squares. */
export function leastSquaresTrace(
  solver: LeastSquaresSolver,
  problem: Residuals,
  start: ArrayLike<number>,
  steps: number,
): Trace {
  const watch = new TrialWatch();
  const residuals = (x: Float64Array) => {
    watch.tried(x);
    return problem.residuals(x);
  };
  return watch.follow(
    new LeastSquaresRun({ ...problem, residuals }, start, solver, {
      gradientTolerance: 0,
      maxIterations: steps,
    }),
  );
}

/** Collects the points a run evaluates, and what it measured of each. */
class TrialWatch {
  private run: Run | undefined;
  private current: { x: Float64Array; damping?: number }[] = [];
  private judged: Trial[] = [];

  tried(x: Float64Array): void {
    if (this.run === undefined) return; // the start
    this.judge();
    // The damping is known before the trial, radius and gain ratio only after it.
    this.current.push({ x: x.slice(), damping: this.run.step().measures.damping as number });
  }

  follow(run: Run): Trace {
    this.run = run;
    const points = [run.step().x.slice()];
    const told = [said(run)];
    const trials: (readonly Trial[])[] = [];
    while (run.outcome === undefined) {
      this.judged = [];
      const before = run.iteration;
      run.advance();
      this.judge();
      const moved = run.iteration > before;
      if (moved || this.judged.length > 0) trials.push(this.judged);
      if (!moved) continue;
      points.push(run.step().x.slice());
      told.push(said(run));
    }
    return { points, trials, outcome: run.outcome.kind, told };
  }

  private judge(): void {
    const last = this.current.pop();
    if (last === undefined) return;
    const { radius, gainRatio } = this.run!.step().measures as Record<string, number>;
    this.judged.push({ ...last, radius, gainRatio });
  }
}
