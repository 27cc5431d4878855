import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CompactSecantPairs } from '../../src/curvature/compact-secant-pairs.js';
import { SecantPairs } from '../../src/curvature/secant-pairs.js';
import {
  bfgs,
  lbfgs,
  type Minimization,
  minimize,
  moreGarbowHillstrom,
  Random,
  type Solver,
  trustRegion,
} from '../../src/index.js';
import { dot } from '../../src/linalg/vector.js';
import { pythonWithScipy } from './peers/scipy.js';

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

/** The chained Rosenbrock function, written to cost as little as it can. */
function cheapRosenbrock(n: number): Minimization {
  const gradient = new Float64Array(n);
  return {
    value(x) {
      let total = 0;
      for (let i = 0; i + 1 < n; i++) {
        const above = x[i + 1] - x[i] * x[i];
        const left = 1 - x[i];
        total += 100 * above * above + left * left;
      }
      return total;
    },
    gradient(x) {
      gradient.fill(0);
      for (let i = 0; i + 1 < n; i++) {
        const above = x[i + 1] - x[i] * x[i];
        gradient[i] += -400 * x[i] * above - 2 * (1 - x[i]);
        gradient[i + 1] += 200 * above;
      }
      return gradient;
    },
  };
}

/** Microseconds that as many calls as a run made take by themselves: a clock inside would cost an iteration. */
function inFunction(problem: Minimization, { x, evaluations }: ReturnType<typeof minimize>): number {
  const began = performance.now();
  for (let i = 0; i < evaluations.value; i++) problem.value(x);
  for (let i = 0; i < evaluations.gradient; i++) problem.gradient?.(x);
  for (let i = 0; i < evaluations.hessian; i++) problem.hessian?.(x);
  return 1e3 * (performance.now() - began);
}

/** Microseconds an iteration outside the user's function, the median over the later half of the runs. */
function perIteration(
  problem: Minimization,
  start: ArrayLike<number>,
  solver: Solver,
  milliseconds: number,
): number {
  const means: number[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end || means.length < 10) {
    const began = performance.now();
    const result = minimize(problem, start, solver, { maxIterations: 300 });
    const whole = 1e3 * (performance.now() - began);
    means.push((whole - inFunction(problem, result)) / result.iterations);
  }
  return median(means.slice(means.length >> 1));
}

type Times = Readonly<Record<string, Readonly<Record<string, number>>>>;

function scipyTimes(print: (line: string) => void): Times {
  const python = pythonWithScipy();
  if (python === undefined) {
    print('without SciPy: no Python with SciPy was found; FLUXION_PYTHON names one');
    return {};
  }
  const script = fileURLToPath(new URL('peers/scipy_iteration.py', import.meta.url));
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
  return JSON.parse(spawnSync(python, [script], { env, encoding: 'utf8' }).stdout);
}

const targets = [
  { name: 'bfgs', solver: bfgs(), scipy: 'BFGS', wanted: { 2: 1.5, 10: 4, 100: 25 } },
  { name: 'lbfgs', solver: lbfgs(), scipy: 'L-BFGS-B', wanted: { 2: 2, 10: 3, 100: 5, 1000: 30 } },
] as const;

/** Milliseconds for one direction of L-BFGS, by both forms, and for reading its 2m vectors once. */
function atScale(n: number, m: number, rounds: number) {
  const random = new Random(5);
  const [s, gradient, into] = [random.normals(n), random.normals(n), new Float64Array(n)];
  const y = s.map((entry, i) => entry * (1 + (i % 5)));
  const curvature = dot(s, y);
  const vectors = new Float64Array(2 * m * n).fill(1);
  const forms = [new CompactSecantPairs(n, m), new SecantPairs(n, m)] as const;
  const times: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < m + rounds; round++) {
    forms.forEach((pairs, i) => {
      const began = performance.now();
      pairs.push(s, y, curvature, gradient);
      pairs.multiply(gradient, pairs.scaling(), into);
      if (round >= m) times[i].push(performance.now() - began);
    });
    const began = performance.now();
    const sum = readOnce(vectors);
    if (round >= m) times[2].push(performance.now() - began);
    if (sum !== vectors.length) throw new Error('the sum is wrong');
  }
  return times.map(median);
}

function readOnce(x: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < x.length; i += 4) {
    a += x[i];
    b += x[i + 1];
    c += x[i + 2];
    d += x[i + 3];
  }
  return a + b + c + d;
}

/** What an iteration costs besides the user's function, and how L-BFGS fares where memory is the limit. */
export async function benchIteration(print: (line: string) => void = console.log): Promise<void> {
  print('Microseconds an iteration, the function’s own time taken off: chained Rosenbrock in n variables');
  const scipy = scipyTimes(print);
  print(`${''.padEnd(14)}${['n', 'fluxion', 'wanted', 'SciPy'].map((head) => head.padStart(9)).join('')}`);
  for (const { name, solver, scipy: theirs, wanted } of targets) {
    for (const [size, most] of Object.entries(wanted)) {
      const n = Number(size);
      const start = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
      const ours = perIteration(cheapRosenbrock(n), start, solver, 1_000);
      const peer = scipy[theirs]?.[size]?.toFixed(0) ?? '';
      const cells = [size, ours.toFixed(2), most.toFixed(1), peer];
      print(`${name.padEnd(14)}${cells.map((cell) => cell.padStart(9)).join('')}`);
    }
  }
  const each = moreGarbowHillstrom().map((of) => perIteration(of, of.start, trustRegion(), 50));
  const peer =
    scipy['trust-exact'] === undefined ? '' : median(Object.values(scipy['trust-exact'])).toFixed(0);
  const cells = ['zoo', median(each).toFixed(2), '25.0', peer];
  print(
    `${'trustRegion'.padEnd(14)}${cells.map((cell) => cell.padStart(9)).join('')}  (median of 35 problems)`,
  );

  const [compact, plain, once] = atScale(1e6, 10, 7);
  print(
    'L-BFGS, one new pair and one direction at n = 1,000,000, m = 10, against reading its 20 vectors once',
  );
  print(`  on inner products ${compact.toFixed(0)} ms, ${(compact / once).toFixed(2)} times (wanted 2.5)`);
  print(`  plain two loops   ${plain.toFixed(0)} ms, ${(plain / once).toFixed(2)} times`);
  print(`  reading once      ${once.toFixed(0)} ms`);
}

if (import.meta.url === `file://${process.argv[1]}`) await benchIteration();
