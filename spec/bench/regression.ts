import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { leastSquares, levenbergMarquardt } from '../../src/index.js';
import { correctDigits, type ReferenceSet, referenceSets } from '../tests/least-squares/reference-sets.js';
import { installed } from './peers/installed.js';
import { pythonWithScipy } from './peers/scipy.js';

/** How one fit went: the digits of its worst parameter, and the time of a warm run. */
interface Fit {
  readonly digits: number;
  readonly milliseconds: number;
}
/** The fits of all sets, from both starts each. */
type Column = readonly Fit[];

const cases = referenceSets.flatMap((set) => set.starts.map((start, i) => ({ set, start, which: i + 1 })));

/** Correct digits and milliseconds of nonlinear regressions, ours beside SciPy's and ml-levenberg-marquardt's. */
export async function benchRegression(print: (line: string) => void = console.log): Promise<void> {
  const columns: Record<string, Column> = {
    ours: cases.map(({ set, start }) => ourFit(set, start, true)),
    'ours, differences': cases.map(({ set, start }) => ourFit(set, start, false)),
    ...scipyColumns(print),
    ...(await packageColumn(print)),
  };
  const names = Object.keys(columns);
  print(`${'digits, milliseconds'.padEnd(22)}${names.map((name) => name.padStart(24)).join('')}`);
  cases.forEach(({ set, which }, i) => {
    const fits = names.map((name) => shown(columns[name][i]).padStart(24));
    print(`${`${set.name}, start ${which}`.padEnd(22)}${fits.join('')}`);
  });
  const summary = (label: string, of: (column: Column) => string) =>
    print(`${label.padEnd(22)}${names.map((name) => of(columns[name]).padStart(24)).join('')}`);
  summary(
    'six digits or more',
    (column) => `${column.filter(({ digits }) => digits >= 6).length} of ${column.length}`,
  );
  summary('digits, mean', (column) => mean(column.map(({ digits }) => digits)).toFixed(2));
  summary('milliseconds, median', (column) =>
    median(column.map(({ milliseconds }) => milliseconds)).toFixed(3),
  );
  const small = cases.map(({ set }) => set.y.length <= 16 && set.certified.length <= 3);
  summary('  of ≤ 16 × 3', (column) =>
    median(column.filter((_, i) => small[i]).map(({ milliseconds }) => milliseconds)).toFixed(3),
  );
}

function ourFit({ problem, certified }: ReferenceSet, start: readonly number[], given: boolean): Fit {
  const posed = given ? problem : { residuals: problem.residuals };
  return timed(certified, () => leastSquares(posed, start, levenbergMarquardt()).x);
}

/** The median of runs for 30 ms, after as many to warm up. */
function timed(certified: readonly number[], run: () => ArrayLike<number>): Fit {
  let x: ArrayLike<number> = [];
  const pass = () => {
    const times: number[] = [];
    const end = performance.now() + 30;
    do {
      const begin = performance.now();
      x = run();
      times.push(performance.now() - begin);
    } while (performance.now() < end);
    return median(times);
  };
  pass();
  const milliseconds = pass();
  return { digits: correctDigits(x, certified), milliseconds };
}

function scipyColumns(print: (line: string) => void): Record<string, Column> {
  const python = pythonWithScipy();
  if (python === undefined) {
    print('  without SciPy: no Python has it; FLUXION_PYTHON may name one');
    return {};
  }
  const paths = ['peers/scipy_regression.py', '../data/nist.json'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const { stdout, stderr, status } = spawnSync(python, paths, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  if (status !== 0) throw new Error(`SciPy's process ended with status ${status}: ${stderr}`);
  const answers: {
    version: string;
    ways: Record<string, { x: number[] | null; milliseconds: number | null }[]>;
  } = JSON.parse(stdout);
  print(`SciPy ${answers.version}, tolerances 1e-15`);
  return Object.fromEntries(
    Object.entries(answers.ways).map(([way, fits]) => [
      way,
      fits.map(({ x, milliseconds }, i) => ({
        digits: x === null ? 0 : correctDigits(x, cases[i].set.certified),
        milliseconds: milliseconds ?? Number.NaN,
      })),
    ]),
  );
}

interface MlPackage {
  levenbergMarquardt(
    data: { x: number[]; y: number[] },
    model: (b: number[]) => (i: number) => number,
    options: object,
  ): { parameterValues: number[] };
}

async function packageColumn(print: (line: string) => void): Promise<Record<string, Column>> {
  const name = 'ml-levenberg-marquardt';
  const library = await installed<MlPackage>(name);
  if (library === undefined) {
    print(`  without ${name}: it is not installed; FLUXION_PEERS may name a folder`);
    return {};
  }
  const fits = cases.map(({ set, start }): Fit => {
    const { problem, y, certified } = set;
    const n = start.length;
    // Told the number of an observation, it gets the curve there.
    const data = { x: y.map((_, i) => i), y: [...y] };
    const model = (b: number[]) => {
      const r = problem.residuals(Float64Array.from(b));
      return (i: number) => r[i] + y[i];
    };
    const jacobianFunction = (b: number[]) => {
      const j = problem.jacobian(Float64Array.from(b));
      return (i: number) => Array.from(j.subarray(i * n, (i + 1) * n));
    };
    const options = {
      initialValues: [...start],
      jacobianFunction,
      maxIterations: 1000,
      errorTolerance: 0,
      improvementThreshold: 0,
    };
    try {
      return timed(certified, () => library.levenbergMarquardt(data, model, options).parameterValues);
    } catch {
      return { digits: 0, milliseconds: Number.NaN };
    }
  });
  return { [name]: fits };
}

const shown = ({ digits, milliseconds }: Fit) =>
  `${digits.toFixed(2)}  ${milliseconds.toFixed(3).padStart(9)}`;
const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
