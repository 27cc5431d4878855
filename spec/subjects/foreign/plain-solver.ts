import type { Minimization, Residuals } from '../../../src/index.js';
import { strangersClaims } from '../second-order/claims.js';
import type { LeastSquaresSubject, SolverChoices, SolverSubject, Trace } from '../second-order/subject.js';
import { Misbehaviour, OptionFixed } from './misbehaviour.js';
import { type More, type Numbers, type PlainSteps, pointIn, spoken } from './plain.js';

/** What a solver is told beside the function and the start. */
export interface SolverRules {
  /** Iterations after which nothing more is looked at; a run that goes on is cut off. */
  readonly iterations: number;
  /** To be told every iterate after the start, in order. */
  onStep(x: Numbers): void;
}

/** A function with its derivatives; of ½‖r(x)‖² the residuals too. */
export type PlainProblem = Required<Pick<Minimization, 'value' | 'gradient' | 'hessian'>> &
  Partial<Residuals>;

/** A method that chooses the points it evaluates, which knows nothing of this package. */
export interface PlainSolver {
  readonly name: string;
  /** The method it says it is: one that runs in `minimize`, or for `leastSquares` one that runs there. */
  readonly claims?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Minimizes f from a start; what it answers beside the iterates it has told is not looked at. */
  minimize?(problem: PlainProblem, start: Float64Array, rules: SolverRules): unknown;
  /** The same for ½‖r(x)‖². */
  leastSquares?(problem: Required<Residuals>, start: Float64Array, rules: SolverRules): unknown;
}

type Run = (problem: PlainProblem, start: Float64Array, rules: SolverRules) => unknown;

const host = { epsilon: 2 ** -52, scope: <R>(body: () => R) => body() };

const ofOneVariable = ['univariateNewton', 'secant', 'guardedNewton'];

/**
 * A stranger's solver as a subject of the laws: those of the method it claims to be, else of every solver.
 *
 * @param fixed every option of the method it claims to be
 */
export function plainSolverSubject(
  { name, claims: method = 'stranger' }: Pick<PlainSolver, 'name' | 'claims'>,
  run: Run,
  fixed: Readonly<Record<string, unknown>>,
): SolverSubject {
  return {
    kind: 'solver',
    name,
    method,
    ...host,
    claims: strangersClaims('minimize', method),
    fixed,
    ...(ofOneVariable.includes(method) && { variables: 1 as const }),
    trace(problem, start, steps, choices) {
      mustSuit(fixed, choices);
      return traced(run, problem as PlainProblem, start, steps);
    },
  };
}

/** The same for sums of squares. */
export function plainFitSubject(
  { name, claims: method = 'stranger' }: Pick<PlainSolver, 'name' | 'claims'>,
  run: Run,
  fixed: Readonly<Record<string, unknown>>,
): LeastSquaresSubject {
  return {
    kind: 'leastSquares',
    name,
    method,
    ...host,
    claims: strangersClaims('leastSquares', method),
    fixed,
    trace(problem, start, steps, choices) {
      mustSuit(fixed, choices);
      return traced(run, squares(problem), start, steps);
    },
  };
}

/** A solver of `init` and `step`, each an iteration, run as one of `minimize`. */
export function steppedSolver(steps: PlainSteps): Run {
  return (problem, start, { iterations, onStep }) => {
    const shapes = [[start.length]];
    let x: Float64Array = start.slice();
    let state = spoken('init', () => steps.init?.(x, { shapes }));
    for (let step = 0; step < iterations; step++) {
      const gradient = problem.gradient(x);
      const more: More = {
        step,
        value: problem.value(x),
        hessian: problem.hessian(x),
        shapes,
        evaluate: (at) => ({
          value: problem.value(Float64Array.from(at)),
          gradient: problem.gradient(Float64Array.from(at)),
        }),
        ...(problem.residuals && { residuals: problem.residuals(x), jacobian: problem.jacobian!(x) }),
      };
      const answer: unknown = spoken('step', () => steps.step(x, gradient, state, more));
      const listed = Array.isArray(answer) || ArrayBuffer.isView(answer);
      if (!listed) state = (answer as { state?: unknown } | null)?.state;
      x = pointIn(listed ? { x: answer } : answer, x, gradient);
      onStep(x);
    }
  };
}

/** Thrown through a run that has told as many iterates as are asked for. */
class Enough extends Error {}

function traced(run: Run, problem: PlainProblem, start: ArrayLike<number>, steps: number): Trace {
  // The very array, so that a law sees what is written into it.
  const given = start instanceof Float64Array ? start : Float64Array.from(start);
  const points: Float64Array[] = [given.slice()];
  const enough = new Enough();
  if (steps === 0) return { points, trials: [] };
  const onStep = (x: Numbers) => {
    points.push(iterate(x, given.length, points.length));
    if (points.length > steps) throw enough;
  };
  try {
    const end = spoken('minimize', () => run(problem, given, { iterations: steps, onStep }), enough);
    if (typeof (end as { then?: unknown } | null | undefined)?.then === 'function') {
      throw new Misbehaviour('minimize: expected to be at the end when it returns, got a promise');
    }
  } catch (error) {
    if (error !== enough) throw error;
  }
  return { points, trials: points.slice(1).map((x) => [{ x }]) };
}

function iterate(x: unknown, n: number, at: number): Float64Array {
  const isList = Array.isArray(x) || (ArrayBuffer.isView(x) && !(x instanceof DataView));
  if (!isList || (x as Numbers).length !== n) {
    const got = isList ? `${(x as Numbers).length} of them` : x === null ? 'null' : typeof x;
    throw new Misbehaviour(`onStep: expected iterate ${at} to be ${n} numbers, got ${got}`);
  }
  return Float64Array.from(x as Numbers);
}

/** ½‖r‖² with its gradient and Gauss and Newton's matrix for the Hessian. */
function squares({ residuals, jacobian }: Required<Residuals>): PlainProblem {
  return {
    residuals,
    jacobian,
    value: (x) => residuals(x).reduce((total, r) => total + r * r, 0) / 2,
    gradient(x) {
      const [r, j] = [residuals(x), jacobian(x)];
      return x.map((_, k) => r.reduce((total, ri, i) => total + ri * j[i * x.length + k], 0));
    },
    hessian(x) {
      const [j, n] = [jacobian(x), x.length];
      return Float64Array.from({ length: n * n }, (_, at) => {
        let total = 0;
        for (let row = 0; row < j.length; row += n) total += j[row + Math.floor(at / n)] * j[row + (at % n)];
        return total;
      });
    },
  };
}

/** By which of a method's options a choice of a law is made. */
const optionsFor: Readonly<Record<keyof SolverChoices, string>> = {
  step: 'search',
  damping: 'damping',
  scaling: 'scaling',
  radius: 'initialRadius',
  offset: 'offset',
  evaluations: 'maxEvaluations',
};

/** @throws OptionFixed where a law chooses what stands otherwise; a choice that the method does not have it ignores */
function mustSuit(fixed: Readonly<Record<string, unknown>>, choices: SolverChoices): void {
  for (const [choice, value] of Object.entries(choices)) {
    const option = optionsFor[choice as keyof SolverChoices];
    if (value === undefined || !(option in fixed) || Object.is(fixed[option], value)) continue;
    const { name, alpha } = (fixed[option] ?? {}) as { name?: string; alpha?: number };
    if (option === 'search' && name === 'fixedStep' && alpha === value) continue;
    throw new OptionFixed(option, value, typeof fixed[option] === 'object' ? name : fixed[option]);
  }
}
