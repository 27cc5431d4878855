import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { lastValueFrom, type MonoTypeOperatorFunction, pipe, tap } from 'rxjs';
import {
  adam,
  fromFunction,
  mapTree,
  Random,
  releaseExcept,
  rosenbrock,
  type State,
  type Tree,
  treeDot,
} from '../../src/index.js';
import type { Problem } from '../../src/objective/problem.js';
import { classification, mlp, mnist, useBackend } from '../../src/tensors/index.js';
import * as pure from '../../src/transforms/index.js';
import type { Transform } from '../../src/transforms/transform.js';
import {
  type Batches,
  batches,
  type Frame,
  gradient,
  lifted,
  train,
  withoutBatches,
} from '../../streams/index.js';

type Setting<T, B> = { problem: Problem<T, B>; source: Batches<B>; make: () => Transform; steps: number };

type Summary = (times: number[]) => number;

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

/** The loop a person would write by hand; with `read` it also reads loss and norms, as the stream does each step. */
function plain<T, B>({ problem, source, make, steps }: Setting<T, B>, read: boolean): number[] {
  const { algebra } = problem;
  const random = new Random(0);
  const transform = make();
  const cursor = source.open();
  let parameters: Tree<T> = algebra.scope(() => problem.start(random));
  let state: State<T> = algebra.scope(() => transform.init(parameters, algebra));
  const times: number[] = [];
  let last = performance.now();
  for (let step = 0; step < steps; step++) {
    const batch = cursor.next() as B;
    const next = algebra.scope(() => {
      const { value, gradient } = problem.valueAndGradient(parameters, batch);
      const context = { algebra, update: gradient, gradient, parameters, loss: value, step, random };
      const made = transform.update(context, state);
      const x = mapTree(algebra, (x, u) => algebra.add(x, u), parameters, made.update);
      if (read) {
        const [gg, uu] = [treeDot(algebra, gradient, gradient), treeDot(algebra, made.update, made.update)];
        const sum = algebra.number(value) + algebra.number(gg) + algebra.number(uu);
        if (!Number.isFinite(sum)) throw new Error('the plain loop met a NaN or ∞');
      }
      return { x, state: made.state };
    });
    releaseExcept(algebra, [parameters, state], [next.x, next.state]);
    cursor.release(batch);
    parameters = next.x;
    state = next.state;
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  releaseExcept(algebra, [parameters, state], []);
  return times;
}

async function streamed<T, B>({ problem, source, make, steps }: Setting<T, B>): Promise<number[]> {
  const times: number[] = [];
  const pipeline: MonoTypeOperatorFunction<Frame<T>> = pipe(gradient(), lifted(make()));
  let last = performance.now();
  await lastValueFrom(
    train<T, B>(problem, source, pipeline, { steps }).pipe(
      tap(() => {
        const now = performance.now();
        times.push(now - last);
        last = now;
      }),
    ),
  );
  return times;
}

/** The median of a step's time that went into none of its operators, in milliseconds. */
async function outsideOperators<T, B>({ problem, source, make, steps }: Setting<T, B>): Promise<number> {
  const times: number[] = [];
  let before = 0;
  await lastValueFrom(
    train<T, B>(problem, source, pipe(gradient(), lifted(make())), { steps }).pipe(
      tap(({ milliseconds, operators }) => {
        const within = operators.reduce((sum, operator) => sum + operator.milliseconds, 0);
        times.push(milliseconds - (within - before));
        before = within;
      }),
    ),
  );
  return median(times);
}

/** Prints milliseconds × `unit` a step, plain and streamed by turns, so that both meet the same machine. */
async function compare<T, B>(
  print: (line: string) => void,
  name: string,
  setting: Setting<T, B>,
  rounds: number,
  [summary, over, unit]: [summary: Summary, over: Summary, unit: number],
): Promise<void> {
  const columns: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= rounds; round++) {
    const measured = [plain(setting, false), plain(setting, true), await streamed(setting)];
    if (round > 0) measured.forEach((times, i) => void columns[i].push(summary(times))); // the first warms up
  }
  const [bare, reading, stream] = columns.map(over);
  const cells = [bare, reading, stream, stream - reading].map((time) =>
    (time * unit).toFixed(2).padStart(14),
  );
  print(
    `${name.padEnd(20)}${cells.join('')}${(((stream - reading) / reading) * 100).toFixed(1).padStart(9)} %`,
  );
}

/** What the machine's other work disturbed least. */
const fastest = (times: number[]): number => Math.min(...times);
const mean = (times: number[]): number => times.reduce((sum, time) => sum + time, 0) / times.length;

/** What the stream costs a step over a plain loop of the same transforms: at most 2 µs, under 1 % on MNIST. */
export async function benchStreams(print: (line: string) => void = console.log): Promise<void> {
  const head = `${''.padEnd(20)}    plain loop   + loss, norms        stream    difference`;
  const source = withoutBatches();
  const problem = fromFunction(rosenbrock(2));
  const host = (make: () => Transform) => ({ problem, source, make, steps: 10_000 });
  print('Microseconds a step, rosenbrock in 2 variables: the fastest of 5 runs of 10,000 steps');
  print(head);
  const each: [Summary, Summary, number] = [mean, fastest, 1e3];
  await compare(
    print,
    'gradientDescent',
    host(() => pure.learningRate(1e-4)),
    5,
    each,
  );
  await compare(
    print,
    'momentum',
    host(() => pure.chain(pure.momentum(0.9), pure.learningRate(1e-5))),
    5,
    each,
  );
  await compare(
    print,
    'adam',
    host(() => adam({ learningRate: 1e-4 })),
    5,
    each,
  );

  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  await lastValueFrom(train(problem, source, pipe(gradient(), lifted(adam())), { steps: 100_000 }));
  collect();
  const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  print(`Heap growth over 100,000 steps: ${grown.toFixed(2)} MiB`);

  const backend = await useBackend();
  const setting = {
    problem: classification(mlp([784, 128, 10])),
    source: batches(await mnist('train'), { size: 128, seed: 1 }),
    make: () => adam(),
    steps: 40,
  };
  print(
    `Milliseconds a step, mlp 784-128-10 on MNIST, batch 128, ${backend}: the fastest of 7 medians of 40 steps`,
  );
  print(head);
  await compare(print, 'adam', setting, 7, [median, fastest, 1]);
  const own = await outsideOperators(setting);
  print(
    `Outside the operators (adding the update, loss and norms, RxJS): ${own.toFixed(3)} milliseconds a step`,
  );
}

if (import.meta.url === `file://${process.argv[1]}`) await benchStreams();
