import { float64 } from '../algebra/float64.js';
import type { HostArray } from '../algebra/host-array.js';
import { Random } from '../algebra/random.js';
import { releaseExcept, type State, type Tree } from '../algebra/tree.js';
import { denseOperator } from '../curvature/dense-operator.js';
import { largest, norm } from '../linalg/vector.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import { type Readings, readMeasures } from '../objective/measure.js';
import { type CurvatureKind, type Objective, refuseUnmet } from '../objective/objective.js';
import type { Outcome } from '../objective/outcome.js';
import { inRole } from '../objective/role.js';
import type { Iteration, Solver } from '../objective/solver.js';
import { memoryAtRisk, spoiltMemory } from '../transforms/memory.js';
import type { Step } from '../transforms/transform.js';
import type { Method } from './method.js';

/**
 * A method of transforms as a solver for `minimize`: one array of float64 parameters, one update an iteration.
 *
 * The arrays are the pipeline's, so the iterates are bitwise those of `train` on the same function.
 *
 * @throws TypeError where `method` is none; when a run starts, where it needs more than a Hessian
 * @example minimize(rosenbrock(2), [-1.2, 1], asSolver(adam({ learningRate: 0.05 })))
 */
export function asSolver(method: Method): Solver {
  inRole('asSolver', 'method', 'method', method);
  return {
    name: method.name,
    options: method.options,
    ...(method.measures && { measures: method.measures }),
    start(evaluations, at) {
      refuseUnmet(method, 'a function', { curvatures });
      return new MethodIteration(method, evaluations, at);
    },
  };
}

class MethodIteration implements Iteration {
  private readonly shape: readonly number[];
  private readonly random = new Random(0);
  private readonly objective: Objective<HostArray>;
  private state: State<HostArray>;
  private step = 0;
  measures: Readings = {};

  constructor(
    private readonly method: Method,
    private readonly evaluations: Evaluations,
    private readonly at: Iterate,
  ) {
    this.shape = [evaluations.n];
    this.objective = objective(evaluations);
    const parameters = float64.array(at.x, this.shape);
    this.state = method.init(parameters, float64);
    releaseExcept(float64, parameters, this.state);
  }

  advance(): Outcome | undefined {
    const { at, method, shape } = this;
    const before = this.state;
    const { outcome, next, state } = float64.scope(() => {
      const parameters = float64.array(at.x, shape);
      const gradient = float64.array(at.gradient, shape);
      const taken = method.update(
        {
          algebra: float64,
          update: gradient,
          gradient,
          parameters,
          loss: float64.fill([], at.value),
          step: this.step,
          random: this.random,
          objective: this.objective,
        },
        before,
      );
      this.measures = readMeasures(float64, taken.measures ?? {});
      const trouble = taken.outcome ?? this.spoilt(taken);
      if (trouble !== undefined) return { outcome: trouble, next: parameters, state: before };
      return {
        outcome: undefined,
        next: float64.add(parameters, taken.update as HostArray),
        state: taken.state,
      };
    });
    releaseExcept(float64, before, state);
    this.state = state;
    const moved = outcome === undefined ? this.move(next.data) : outcome;
    float64.release(next);
    this.step++;
    return moved;
  }

  trouble(): Outcome | undefined {
    return spoiltMemory(float64, this.method, this.state, this.step - 1);
  }

  /** Whether the method remembers a NaN or ∞ now, by which it would divide. */
  private spoilt({ update, state }: Step<HostArray>): Outcome | undefined {
    const { at, method, step } = this;
    const size = { step, gradientNorm: norm(at.gradient), updateNorm: largest((update as HostArray).data) };
    return memoryAtRisk(float64, size) ? spoiltMemory(float64, method, state, step) : undefined;
  }

  /** Moves the iterate, unless the function is not finite there: the last good point is kept. */
  private move(x: Float64Array): Outcome | undefined {
    const { at, evaluations } = this;
    const value = x.every(Number.isFinite) ? evaluations.value(x) : Number.NaN;
    if (!Number.isFinite(value)) {
      return {
        kind: 'nonFinite',
        message: 'the value is not finite where the step leads: use a shorter one',
      };
    }
    const gradient = new Float64Array(x.length);
    evaluations.gradient(x, gradient);
    if (!gradient.every(Number.isFinite)) {
      return {
        kind: 'nonFinite',
        message: 'the gradient is not finite where the step leads: use a shorter one',
      };
    }
    at.x = x.slice();
    at.value = value;
    at.gradient = gradient;
    return undefined;
  }
}

/** A function has no other: there is no model whose outputs it is a loss of. */
const curvatures: readonly CurvatureKind[] = ['hessian'];

function objective(evaluations: Evaluations): Objective<HostArray> {
  const { n } = evaluations;
  const gradientAt = (x: Float64Array) => {
    const gradient = new Float64Array(n);
    evaluations.gradient(x, gradient);
    return gradient;
  };
  return {
    value: (x: Tree<HostArray>) => float64.fill([], evaluations.value((x as HostArray).data)),
    valueAndGradient(x: Tree<HostArray>) {
      const { data } = x as HostArray;
      return {
        value: float64.fill([], evaluations.value(data)),
        gradient: float64.array(gradientAt(data), [n]),
      };
    },
    curvatures,
    curvature(kind: CurvatureKind, x: Tree<HostArray>) {
      if (kind !== 'hessian') throw new TypeError(`asSolver(${kind}): expected 'hessian'`);
      const hessian = new Float64Array(n * n);
      evaluations.hessian((x as HostArray).data, hessian);
      return denseOperator(float64, hessian, x, { name: 'hessian', symmetric: true });
    },
  };
}
