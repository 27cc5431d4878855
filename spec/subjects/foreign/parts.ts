import { schedules } from '../../../src/transforms/schedule.js';
import { linearSolverClaims, operatorClaims } from '../linear.js';
import { scheduleNamed } from '../schedule-named.js';
import { secondOrderClaims } from '../second-order/claims.js';
import type {
  DampingRule,
  EstimateChoices,
  EstimateSubject,
  LinearSolverSubject,
  Phi,
  Promised,
  Subject,
} from '../subject.js';
import { Misbehaviour, OptionFixed } from './misbehaviour.js';
import { mustAgree, type Numbers, spoken } from './plain.js';

type Given = Readonly<Record<string, unknown>>;

/** What is known of a part beside what its module has: its name and what it says it is. */
interface About {
  readonly name: string;
  readonly claims?: string;
  readonly options?: Given;
}

const host = { epsilon: 2 ** -52, scope: <R>(body: () => R) => body() };

/** A kind of part: what its module must have, and the subject made of it. */
interface PartKind {
  readonly needs: string;
  readonly example: string;
  make(given: Given, about: About): Subject;
}

/** The pieces optimizers are made of, by the `kind` that a module says it exports. */
export const partKinds: Readonly<Record<string, PartKind>> = {
  lineSearch: {
    needs: 'search',
    example: `export default {
  kind: 'lineSearch',
  name: 'my backtracking',
  promise: { decrease: 1e-4 },
  search(phi, first, longest) {
    let alpha = Math.min(first, longest);
    while (!(phi.value(alpha) <= phi.value(0) + 1e-4 * alpha * phi.slope(0)) && alpha > 1e-300) alpha /= 2;
    return alpha;
  },
};`,
    make: lineSearch,
  },
  subproblem: {
    needs: 'solve',
    example: `export default {
  kind: 'subproblem',
  name: 'my Cauchy point',
  solve(gradient, hessian, radius) {
    const n = gradient.length;
    const square = gradient.reduce((sum, g) => sum + g * g, 0);
    const curvature = hessian.reduce((sum, h, at) => sum + gradient[Math.floor(at / n)] * h * gradient[at % n], 0);
    const longest = radius / Math.sqrt(square);
    const rate = curvature > 0 ? Math.min(longest, square / curvature) : longest;
    return gradient.map((g) => -rate * g);
  },
};`,
    make: subproblem,
  },
  estimate: {
    needs: 'start',
    example: `export default {
  kind: 'estimate',
  name: 'my BFGS update',
  claims: 'inverseBfgs',
  form: 'H',
  start(n) {
    const dot = (a, b) => a.reduce((sum, ai, i) => sum + ai * b[i], 0);
    let h = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => Number(i === j)));
    return {
      apply: (v) => h.map((row) => dot(row, v)),
      learn(s, y) {
        const [hy, sy] = [h.map((row) => dot(row, y)), dot(s, y)];
        const c = (sy + dot(y, hy)) / sy ** 2;
        h = h.map((row, i) => row.map((hij, j) => hij + c * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy));
      },
    };
  },
};`,
    make: estimate,
  },
  operator: {
    needs: 'apply',
    example: `export default {
  kind: 'operator',
  name: 'my Hessian',
  n: 2,
  symmetric: true,
  apply: ([u, v]) => [2 * u + v, u + 3 * v],
  diagonal: () => [2, 3],
};`,
    make: operator,
  },
  linearSolver: {
    needs: 'solve',
    example: `export default {
  kind: 'linearSolver',
  name: 'my conjugate gradients',
  tolerance: 1e-6,
  solve({ multiply }, b) {
    const dot = (a, c) => a.reduce((sum, ai, i) => sum + ai * c[i], 0);
    let [x, r] = [b.map(() => 0), b];
    let d = r;
    for (let k = 0; k < 50 && dot(r, r) > 1e-12 * dot(b, b); k++) {
      const product = multiply(d);
      const alpha = dot(r, r) / dot(d, product);
      x = x.map((xi, i) => xi + alpha * d[i]);
      const next = r.map((ri, i) => ri - alpha * product[i]);
      const beta = dot(next, next) / dot(r, r);
      d = next.map((ri, i) => ri + beta * d[i]);
      r = next;
    }
    return x;
  },
};`,
    make: linearSolver,
  },
  damping: {
    needs: 'start',
    example: `export default {
  kind: 'damping',
  name: 'my damping',
  start: (damping) => ({
    value: damping,
    accepted(ratio) { if (ratio > 0.75) this.value /= 3; else if (ratio < 0.25) this.value *= 2; },
    rejected() { this.value *= 4; },
  }),
};`,
    make: damping,
  },
  schedule: {
    needs: 'at',
    example: `export default {
  kind: 'schedule',
  name: 'my decay',
  claims: 'exponential',
  options: { from: 0.1, factor: 0.5 },
  at: (count) => 0.1 * 0.5 ** count,
};`,
    make: schedule,
  },
};

function lineSearch(given: Given, { name, claims = 'backtracking' }: About): Subject {
  const { search, promise } = given as { search(phi: Phi, first: number, longest: number): unknown } & {
    promise?: Partial<Promised>;
  };
  return {
    kind: 'lineSearch',
    name,
    ...host,
    // What a search tries, and in which order, is its own.
    claims: lawsOf(claims, ['36b']).filter((id) => !/^36[c-g]$/.test(id)),
    promise: { decrease: 1e-4, slack: 2 ** -50, ...promise },
    search(phi, first, longest) {
      const answer = spoken('search', () => search.call(given, phi, first, longest));
      const { alpha = Number.NaN, found = Number.isFinite(alpha) } =
        typeof answer === 'object' && answer !== null
          ? (answer as { alpha?: number; found?: boolean })
          : { alpha: answer as number | undefined };
      if (typeof alpha !== 'number')
        throw new Misbehaviour(`search: expected a step or { alpha, found }, got ${typeof alpha}`);
      return { found, alpha };
    },
  };
}

function subproblem(given: Given, { name, claims }: About): Subject {
  const { solve, tolerance = 0 } = given as {
    solve(gradient: Float64Array, hessian: Float64Array, radius: number): unknown;
    tolerance?: number;
  };
  return {
    kind: 'subproblem',
    name,
    ...host,
    claims: lawsOf(claims, ['21']),
    tolerance,
    solve(gradient, hessian, radius) {
      const answer = spoken('solve', () => solve.call(given, gradient.slice(), hessian.slice(), radius));
      const { step = answer, multiplier = Number.NaN } = (answer ?? {}) as {
        step?: unknown;
        multiplier?: number;
      };
      return { step: numbersFrom('solve', step, gradient.length), multiplier };
    },
  };
}

function estimate(given: Given, { name, claims }: About): Subject {
  const { start, form = 'H' } = given as {
    start(n: number, choices?: EstimateChoices): unknown;
    form?: 'B' | 'H';
  };
  if (form !== 'B' && form !== 'H') {
    throw new TypeError(
      `form: expected 'B', an estimate of the Hessian, or 'H', of its inverse, got '${form}'`,
    );
  }
  return {
    kind: 'estimate',
    name,
    method: claims ?? 'stranger',
    form,
    ...host,
    claims: lawsOf(claims, ['27']),
    start(n, choices = {}) {
      const [chosen] = Object.entries(choices).filter(([, value]) => value !== undefined);
      if (chosen !== undefined && start.length < 2) {
        throw new OptionFixed(chosen[0], chosen[1], undefined);
      }
      const made = spoken('start', () => start.call(given, n, choices)) as {
        apply(v: Float64Array): unknown;
        learn(s: Float64Array, y: Float64Array): void;
      };
      for (const call of ['apply', 'learn'] as const) {
        if (typeof made?.[call] !== 'function')
          throw new Misbehaviour(`start: expected { apply, learn }, got no ${call}`);
      }
      const multiply = (v: Float64Array, into: Float64Array) =>
        into.set(
          numbersFrom(
            'apply',
            spoken('apply', () => made.apply(v.slice())),
            n,
          ),
        );
      return {
        multiply,
        learn: (s: Float64Array, y: Float64Array) => spoken('learn', () => made.learn(s.slice(), y.slice())),
      } as ReturnType<EstimateSubject['start']>;
    },
  };
}

function operator(given: Given, { name }: About): Subject {
  const {
    n,
    symmetric = false,
    positiveSemidefinite = false,
  } = given as { n?: number; symmetric?: boolean; positiveSemidefinite?: boolean };
  if (!Number.isInteger(n) || n! < 1) throw new TypeError(`n: expected how long the vectors are, got ${n}`);
  const call = (what: string, ...args: Float64Array[]) =>
    spoken(what, () => (given[what] as (...all: Float64Array[]) => unknown).apply(given, args));
  const has = (what: string) => typeof given[what] === 'function';
  return {
    kind: 'operator',
    name,
    ...host,
    claims: operatorClaims,
    n: n!,
    symmetric,
    positiveSemidefinite,
    apply: (v) => numbersFrom('apply', call('apply', v), n!),
    ...(has('solve') && { solve: (b: Float64Array) => numbersFrom('solve', call('solve', b), n!) }),
    ...(has('diagonal') && { diagonal: () => numbersFrom('diagonal', call('diagonal'), n!) }),
    ...(has('dense') && { dense: () => numbersFrom('dense', call('dense'), n! * n!) }),
  };
}

function linearSolver(given: Given, { name }: About): Subject {
  const { solve, tolerance = 0 } = given as {
    solve(...asked: Parameters<LinearSolverSubject['solve']>): unknown;
    tolerance?: number;
  };
  return {
    kind: 'linearSolver',
    name,
    ...host,
    claims: linearSolverClaims,
    tolerance,
    solve: (equations, b) =>
      numbersFrom(
        'solve',
        spoken('solve', () => solve.call(given, equations, b)),
        equations.n,
      ),
  };
}

function damping(given: Given, { name, claims = 'gainRatioDamping' }: About): Subject {
  const { start } = given as { start(value: number): DampingRule };
  return {
    kind: 'damping',
    name,
    ...host,
    claims: lawsOf(claims, ['26']),
    start: (value) => spoken('start', () => start.call(given, value)),
  };
}

function schedule(given: Given, { name, claims, options = {} }: About): Subject {
  const { at } = given as { at(count: number): unknown };
  if (claims !== undefined) scheduleNamed(claims).create(options); // looks the options over
  return {
    kind: 'schedule',
    name,
    method: claims ?? 'stranger',
    fixed: options,
    ...host,
    claims: [...(claims === 'exponential' ? ['58'] : []), '58b', ...(claims === undefined ? [] : ['58c'])],
    create(wanted) {
      mustAgree(options, wanted);
      return (count) => {
        const rate = spoken('at', () => at.call(given, count));
        if (typeof rate !== 'number')
          throw new Misbehaviour(`at(${count}): expected a number, got ${typeof rate}`);
        return rate;
      };
    },
  };
}

/** @throws RangeError where no part of that name has laws */
function lawsOf(claims: string | undefined, unclaimed: readonly string[]): readonly string[] {
  if (claims === undefined) return unclaimed;
  if (Object.hasOwn(secondOrderClaims, claims)) return secondOrderClaims[claims];
  throw new RangeError(
    `claims: expected the name of such a part, for example 'strongWolfe', 'dogleg', 'inverseBfgs' or 'nielsenDamping', got '${claims}'`,
  );
}

function numbersFrom(call: string, answer: unknown, count: number): Float64Array {
  const isList = Array.isArray(answer) || (ArrayBuffer.isView(answer) && !(answer instanceof DataView));
  if (isList && (answer as Numbers).length === count) return Float64Array.from(answer as Numbers);
  const got = isList ? `${(answer as Numbers).length}` : answer === null ? 'null' : typeof answer;
  throw new Misbehaviour(`${call}: expected ${count} numbers, got ${got}`);
}

/** Whether a part, and no method, can claim to be this. */
export function isPartName(name: string): boolean {
  return Object.hasOwn(secondOrderClaims, name) || schedules.some((one) => one.name === name);
}
