import { updateBroyden, updateInverseBroyden } from '../../../src/curvature/broyden.js';
import { CompactHessian } from '../../../src/curvature/compact-hessian.js';
import { CompactSecantPairs } from '../../../src/curvature/compact-secant-pairs.js';
import { DensePath } from '../../../src/curvature/dense-path.js';
import { updateInverseBfgs } from '../../../src/curvature/inverse-bfgs.js';
import { updateInverseDfp } from '../../../src/curvature/inverse-dfp.js';
import type { PathModel } from '../../../src/curvature/path-model.js';
import { SecantPairs } from '../../../src/curvature/secant-pairs.js';
import { updateSymmetricRankOne } from '../../../src/curvature/symmetric-rank-one.js';
import { vectorOperator } from '../../../src/curvature/vector-operator.js';
import {
  backtracking,
  type Direction,
  dogleg,
  exact,
  hagerZhang,
  type LineSearch,
  type Subproblem,
  steihaug,
  strongWolfe,
} from '../../../src/index.js';
import { DampedPath } from '../../../src/least-squares/damped-path.js';
import { lastLook } from '../../../src/least-squares/last-look.js';
import { qr, qrSolve } from '../../../src/linalg/qr.js';
import { dot, matrixVector } from '../../../src/linalg/vector.js';
import { inverseQuasiNewton } from '../../../src/methods/inverse-quasi-newton.js';
import { limitedMemory } from '../../../src/methods/lbfgs.js';
import { Box } from '../../../src/objective/bounds.js';
import { Evaluations } from '../../../src/objective/evaluations.js';
import { ResidualEvaluations } from '../../../src/objective/residual-evaluations.js';
import { boxStep, isFarFromBounds } from '../../../src/search/box-step.js';
import { descendsStill } from '../../../src/search/last-look.js';
import { Line } from '../../../src/search/line.js';
import { dampingFactor } from '../../../src/transforms/damping-factor.js';
import { GainRatioDamping } from '../../../src/trust-region/damping.js';
import { secondOrderClaims } from './claims.js';
import type {
  BoxModel,
  BoxModelSubject,
  DampingSubject,
  EstimateChoices,
  EstimateSubject,
  LastLookSubject,
  LineSearchSubject,
  Promised,
  SubproblemSubject,
} from './subject.js';

const arithmetic = { epsilon: 2 ** -52, scope: <R>(body: () => R) => body() };

type Update = (m: Float64Array, s: Float64Array, y: Float64Array, work: Float64Array) => unknown;

/** An update of a matrix in place, as an estimate that begins with the identity; `room` numbers a dimension. */
function updated(method: string, form: 'B' | 'H', update: Update, room = 1): EstimateSubject {
  return {
    kind: 'estimate',
    name: `${method} (update)`,
    method,
    form,
    ...arithmetic,
    claims: secondOrderClaims[method] ?? [],
    start(n, { initial = identity(n) } = {}) {
      const matrix = initial.slice();
      const work = new Float64Array(room * n);
      return {
        ...vectorOperator(method, (v, into) => matrixVector(matrix, v, into)),
        learn: (s, y) => void update(matrix, s, y, work),
      };
    },
  };
}

/** What a direction has learnt, seen through the directions it proposes: p = −Hg. */
function learning(method: string, create: (choices: EstimateChoices) => Direction): EstimateSubject {
  return {
    kind: 'estimate',
    name: `${method} (direction)`,
    method,
    form: 'H',
    ...arithmetic,
    claims: secondOrderClaims[method] ?? [],
    start(n, choices = {}) {
      const rule = create(choices).start(n, new Evaluations({ value: () => 0 }, n));
      const x = new Float64Array(n);
      return {
        ...vectorOperator(method, (v, into) => {
          rule.propose({ x, value: 0, gradient: v }, into);
          for (let i = 0; i < n; i++) into[i] = -into[i];
        }),
        learn: (s, y) => rule.learn?.(s, y, { x, value: 0, gradient: x }),
      };
    },
  };
}

/** Our estimates of curvature as subjects. */
export const ourEstimates: readonly EstimateSubject[] = [
  updated('inverseBfgs', 'H', updateInverseBfgs),
  updated('inverseDfp', 'H', updateInverseDfp),
  updated('symmetricRankOne', 'B', updateSymmetricRankOne),
  updated('inverseRankOne', 'H', (h, s, y, work) => updateSymmetricRankOne(h, y, s, work)),
  updated('broydenJacobian', 'B', updateBroyden),
  updated('inverseBroyden', 'H', updateInverseBroyden, 2),
  learning('guardedBfgs', ({ scaled = false }) =>
    inverseQuasiNewton('bfgs', { guard: 'skip', scaled }, updateInverseBfgs),
  ),
  learning('guardedDfp', ({ scaled = false }) =>
    inverseQuasiNewton('dfp', { guard: 'skip', scaled }, updateInverseDfp),
  ),
  learning('limitedMemory', ({ memory = 20, scaled = false }) => limitedMemory(memory, scaled)),
  {
    kind: 'estimate',
    name: 'secantPairs',
    method: 'secantPairs',
    form: 'H',
    ...arithmetic,
    claims: secondOrderClaims.secantPairs,
    start(n, { memory = 20, scaled = false } = {}) {
      const pairs = new SecantPairs(n, memory);
      return {
        ...vectorOperator('secant pairs', (v, into) => pairs.multiply(v, scaled ? pairs.scaling() : 1, into)),
        learn: (s, y) => pairs.push(s, y),
      };
    },
  },
  {
    kind: 'estimate',
    name: 'compactSecantPairs',
    method: 'secantPairs',
    form: 'H',
    ...arithmetic,
    claims: secondOrderClaims.secantPairs,
    start(n, { memory = 20, scaled = false } = {}) {
      const pairs = new CompactSecantPairs(n, memory);
      return {
        ...vectorOperator('secant pairs', (v, into) => pairs.multiply(v, scaled ? pairs.scaling() : 1, into)),
        // The products with y are then at hand, as those with the gradient are in a run.
        learn: (s, y) => pairs.push(s, y, dot(s, y), y),
      };
    },
  },
];

/** A way to minimize a model in a region as a subject; `tolerance` is how far its radius may be missed. */
export function subproblemSubject(method: string, of: Subproblem, tolerance: number): SubproblemSubject {
  return {
    kind: 'subproblem',
    name: tolerance === 0 ? method : `${method}(${tolerance})`,
    ...arithmetic,
    claims: secondOrderClaims[method],
    tolerance,
    solve(gradient, hessian, radius) {
      const step = new Float64Array(gradient.length);
      const product = (v: Float64Array, into: Float64Array) => matrixVector(hessian, v, into);
      const operator = { ...vectorOperator('given', product, { symmetric: true }), dense: () => hessian };
      const { multiplier } = of.start(gradient.length).solve({ gradient, hessian: operator }, radius, step);
      return { step, multiplier };
    },
  };
}

/** Our ways to minimize a model in a region as subjects. */
export const ourSubproblems: readonly SubproblemSubject[] = [
  subproblemSubject('exact', exact(1e-6), 1e-6),
  subproblemSubject('exact', exact(), 0.1),
  subproblemSubject('dogleg', dogleg(), 0),
  subproblemSubject('steihaug', steihaug(), 0),
];

/** A model as a subject, made of what `model` is told. */
function boxModel(
  method: string,
  by: BoxModelSubject['by'],
  path: (model: BoxModel, along: Float64Array) => PathModel,
): BoxModelSubject {
  return {
    kind: 'boxModel',
    name: method,
    method,
    by,
    ...arithmetic,
    claims: secondOrderClaims.boxModel,
    path: (model) => path(model, model.added),
    step(model, { x, gradient, lower, upper }) {
      const n = x.length;
      const [box, at] = [new Box(lower, upper), { x, value: 0, gradient }];
      const [made, p] = [path(model, new Float64Array(n)), new Float64Array(n)];
      // As their methods do: where no bound can matter the step is that of the model alone.
      made.subspace(
        Int32Array.from({ length: n }, (_, i) => i),
        gradient.map((g) => -g),
        p,
      );
      if (!isFarFromBounds(box, at, p, 1)) boxStep(made, at, box, p);
      return p;
    },
  };
}

/** Our models of second order that take steps in a box. */
export const ourBoxModels: readonly BoxModelSubject[] = [
  boxModel('densePath', 'matrix', ({ n, squares }, added) => new DensePath(n, squares, added)),
  boxModel(
    'dampedPath',
    'jacobian',
    ({ n, jacobian, delta, scale }) => new DampedPath(jacobian, n, delta, scale),
  ),
  boxModel('compactHessian', 'pairs', ({ n, pairs, memory, theta }) => {
    const model = new CompactHessian(n, memory);
    for (const [s, y] of pairs) model.push(s, y, dot(s, y));
    model.refresh(theta);
    return model;
  }),
];

const ofLooks = { kind: 'lastLook', ...arithmetic, claims: secondOrderClaims.lastLook } as const;

const boxOf = (box: Parameters<LastLookSubject['look']>[2]) => box && new Box(box.lower, box.upper);

/** Our last looks, at functions and at residuals. */
export const ourLastLooks: readonly LastLookSubject[] = [
  {
    ...ofLooks,
    name: 'last look at a function',
    tellsOfContradictions: false,
    look(problem, x, box) {
      const line = new Line(new Evaluations(problem, x.length, boxOf(box)));
      const at = { x, value: problem.value(x), gradient: problem.gradient(x) };
      const end = descendsStill(line, at) ? 'lowered' : 'noise';
      return { end, x: line.x, gradient: line.gradient };
    },
  },
  {
    ...ofLooks,
    name: 'last look at residuals',
    tellsOfContradictions: true,
    look(problem, x, box) {
      const evaluations = new ResidualEvaluations(problem, x.length, x, boxOf(box));
      const [at, trial] = [evaluations.iterate(x), evaluations.iterate(x.slice())];
      const { m, n } = evaluations;
      const undamped = new Float64Array(n);
      const factored = qr(at.jacobian, m, n);
      if (factored.kind === 'factored') qrSolve(factored, at.residuals, undamped);
      for (let i = 0; i < n; i++) undamped[i] = -undamped[i];
      const promised = -dot(at.gradient, undamped) / 2;
      const end = lastLook(evaluations, at, trial, undamped, promised);
      return { end, x: trial.x, gradient: trial.gradient };
    },
  },
];

/** A line search as a subject, with what it promises. */
export function lineSearchSubject(of: LineSearch, promise: Promised): LineSearchSubject {
  return {
    kind: 'lineSearch',
    name: `${of.name} ${JSON.stringify(of.options)}`,
    ...arithmetic,
    claims: secondOrderClaims[of.name],
    promise,
    search(phi, first, longest) {
      const evaluations = new Evaluations(
        {
          value: ([alpha]) => phi.value(alpha),
          gradient: ([alpha]) => Float64Array.of(phi.slope(alpha)),
        },
        1,
      );
      const at = {
        x: Float64Array.of(0),
        value: phi.value(0),
        gradient: Float64Array.of(phi.slope(0)),
      };
      const line = new Line(evaluations);
      line.begin(at, Float64Array.of(1));
      const end = of.search(line, first, longest);
      return { found: end === 'found', alpha: line.alpha, end };
    },
  };
}

/** Our line searches as subjects, with what they promise. */
export const ourLineSearches: readonly LineSearchSubject[] = [
  lineSearchSubject(backtracking(), { decrease: 1e-4, slack: 0, shrinks: [0.1, 0.5] }),
  // A large c₁, under which a wrong decrease is seen.
  lineSearchSubject(backtracking({ c1: 0.4, shrinkAtLeast: 0.25 }), {
    decrease: 0.4,
    slack: 0,
    shrinks: [0.25, 0.5],
  }),
  lineSearchSubject(strongWolfe({ c1: 0.4, c2: 0.5 }), {
    decrease: 0.4,
    curvature: 0.5,
    strong: true,
    slack: 2 ** -50,
  }),
  ...[0.9, 0.1].map((c2) =>
    lineSearchSubject(strongWolfe({ c2 }), { decrease: 1e-4, curvature: c2, strong: true, slack: 2 ** -50 }),
  ),
  lineSearchSubject(hagerZhang(), { decrease: 0.1, curvature: 0.9, slack: 1e-6 }),
  // Strict enough that a second secant is seen.
  lineSearchSubject(hagerZhang({ delta: 0.45, sigma: 0.45 }), {
    decrease: 0.45,
    curvature: 0.45,
    slack: 1e-6,
  }),
];

/** Our rule for the damping as a subject. */
export const ourDamping: DampingSubject = {
  kind: 'damping',
  name: 'gainRatioDamping',
  ...arithmetic,
  claims: secondOrderClaims.nielsenDamping,
  start: (damping) => new GainRatioDamping(damping),
};

/** The rule of Hessian-free optimization, whose ratio is no number where a step was rejected. */
export const ourDampingFactor: DampingSubject = {
  kind: 'damping',
  name: 'dampingFactor',
  ...arithmetic,
  claims: secondOrderClaims.gainRatioDamping,
  start(value) {
    const rule = {
      value,
      accepted: (ratio: number) => void (rule.value *= dampingFactor(ratio, 2 / 3)),
      rejected: () => rule.accepted(Number.NaN),
    };
    return rule;
  },
};

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * (n + 1)] = 1;
  return matrix;
}
