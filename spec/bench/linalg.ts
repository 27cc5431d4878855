import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  CholeskyDecomposition,
  EigenvalueDecomposition,
  LuDecomposition,
  Matrix,
  QrDecomposition,
  SVD,
} from 'ml-matrix';
import { Random } from '../../src/algebra/random.js';
import {
  cholesky,
  lu,
  luWorkspace,
  multiply,
  positiveDefiniteInverse,
  qr,
  qrWorkspace,
  svd,
  symmetricEigen,
} from '../../src/linalg/index.js';

interface Contest {
  readonly name: string;
  ours(n: number): () => unknown;
  /** ml-matrix, where it has the operation. */
  theirs?(n: number): () => unknown;
}

const contests: Contest[] = [
  {
    name: 'product',
    ours(n) {
      const [a, into] = [general(n), new Float64Array(n * n)];
      return () => multiply(a, a, n, n, n, 'none', into);
    },
    theirs(n) {
      const a = matrix(general(n), n);
      return () => a.mmul(a);
    },
  },
  {
    name: 'cholesky',
    ours(n) {
      const [a, into] = [definite(n), new Float64Array(n * n)];
      return () => cholesky(a, n, into);
    },
    theirs(n) {
      const a = matrix(definite(n), n);
      return () => new CholeskyDecomposition(a);
    },
  },
  {
    name: 'symmetric eigen',
    ours(n) {
      const [a, into] = [symmetric(n), { values: new Float64Array(n), vectors: new Float64Array(n * n) }];
      return () => symmetricEigen(a, n, into);
    },
    theirs(n) {
      const a = matrix(symmetric(n), n);
      return () => new EigenvalueDecomposition(a, { assumeSymmetric: true });
    },
  },
  {
    name: 'svd',
    ours(n) {
      const square = () => new Float64Array(n * n);
      const [a, into] = [general(n), { u: square(), values: new Float64Array(n), v: square() }];
      return () => svd(a, n, n, into);
    },
    theirs(n) {
      const a = matrix(general(n), n);
      return () => new SVD(a);
    },
  },
  {
    name: 'lu',
    ours(n) {
      const [a, into] = [general(n), luWorkspace(n)];
      return () => lu(a, n, into);
    },
    theirs(n) {
      const a = matrix(general(n), n);
      return () => new LuDecomposition(a);
    },
  },
  {
    name: 'pivoted qr',
    ours(n) {
      const [a, into] = [general(n), qrWorkspace(n, n)];
      return () => qr(a, n, n, { into });
    },
    // Without pivoting: it has no other.
    theirs(n) {
      const a = matrix(general(n), n);
      return () => new QrDecomposition(a);
    },
  },
  {
    name: 'definite inverse',
    ours(n) {
      const [a, into] = [definite(n), new Float64Array(n * n)];
      return () => positiveDefiniteInverse(a, n, into);
    },
  },
];

function general(n: number): Float64Array {
  const random = new Random(1);
  return Float64Array.from({ length: n * n }, () => 2 * random.uniform() - 1);
}

function symmetric(n: number): Float64Array {
  const a = general(n);
  return a.map((entry, at) => entry + a[(at % n) * n + Math.floor(at / n)]);
}

function definite(n: number): Float64Array {
  const a = general(n);
  const square = multiply(a, a, n, n, n, 'right');
  for (let i = 0; i < n; i++) square[i * n + i] += 1;
  return square;
}

const matrix = (a: Float64Array, n: number): Matrix => Matrix.from1DArray(n, n, a);

/** The median time of a call in microseconds, over 60 milliseconds or at least three measurements. */
function medianMicroseconds(run: () => unknown): number {
  let calls = 1;
  for (;;) {
    const begin = performance.now();
    for (let call = 0; call < calls; call++) run();
    if (performance.now() - begin > 1) break;
    calls *= 2;
  }
  const times: number[] = [];
  const begin = performance.now();
  while (times.length < 3 || performance.now() - begin < 60) {
    const start = performance.now();
    for (let call = 0; call < calls; call++) run();
    times.push((1000 * (performance.now() - start)) / calls);
  }
  return median(times);
}

const median = (times: number[]): number => times.sort((s, t) => s - t)[times.length >> 1];

/** LAPACK through SciPy, in a process of its own; undefined where there is no Python that has it. */
async function lapack(): Promise<
  { ask(question: string): Promise<number>; child: ChildProcess } | undefined
> {
  const script = fileURLToPath(new URL('./lapack.py', import.meta.url));
  const child = spawn(process.env.FLUXION_PYTHON ?? 'python3', [script], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const absent = new Promise<undefined>((resolve) => {
    child.on('error', () => resolve(undefined));
    child.on('exit', () => resolve(undefined));
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  if ((await Promise.race([absent, answers.next()]))?.value !== 'ready') return undefined;
  return {
    child,
    async ask(question) {
      child.stdin.write(`${question}\n`);
      return Number((await answers.next()).value);
    },
  };
}

/** Microseconds a call on n×n matrices: ours, ml-matrix and LAPACK on one thread, each measured in turn. */
export async function bench(print: (line: string) => void = console.log): Promise<void> {
  const reference = await lapack();
  if (reference === undefined) {
    print('LAPACK is left out: FLUXION_PYTHON (or python3) names no Python with NumPy and SciPy');
  }
  const cell = (text: string): string => text.padStart(13);
  const shown = (time: number): string => cell(time < 100 ? time.toFixed(2) : time.toFixed(0));
  const times = (factor: number): string => cell(`${factor.toFixed(2)}×`);
  const heads = ['ours', 'ml-matrix', 'LAPACK', 'ml / ours', 'ours / LAPACK'].map(cell).join('');
  print('Dense linear algebra, float64: median microseconds a call');
  print(`${'operation'.padEnd(18)}${'n'.padStart(4)}${heads}`);
  for (const { name, ours, theirs } of contests) {
    for (const n of [8, 64, 256, 512]) {
      const [owns, bests, others]: number[][] = [[], [], []];
      const [run, theirRun] = [ours(n), theirs?.(n)];
      // Turn about, so that a busy machine is busy for both.
      for (let round = 0; round < 5; round++) {
        owns.push(medianMicroseconds(run));
        if (reference) bests.push(await reference.ask(`${name} ${n}`));
        // Where it takes seconds, once is enough.
        if (theirRun && (n < 256 || round === 0)) others.push(medianMicroseconds(theirRun));
      }
      const own = median(owns);
      const best = reference && median(bests);
      const other = theirRun && median(others);
      print(
        `${name.padEnd(18)}${String(n).padStart(4)}${shown(own)}` +
          `${other === undefined ? cell('–') : shown(other)}${best === undefined ? cell('–') : shown(best)}` +
          `${other === undefined ? cell('–') : times(other / own)}${best === undefined ? cell('–') : times(own / best)}`,
      );
    }
  }
  reference?.child.stdin?.end();
}

if (import.meta.url === `file://${process.argv[1]}`) await bench();
