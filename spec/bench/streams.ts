import { lastValueFrom, type MonoTypeOperatorFunction, pipe } from 'rxjs';
import {
  float64,
  fromFunction,
  type HostArray,
  mapTree,
  Random,
  releaseExcept,
  rosenbrock,
  type State,
  type Tree,
  treeDot,
} from '../../src/index.js';
import type { Problem } from '../../src/problems/problem.js';
import * as pure from '../../src/transforms/index.js';
import type { Transform } from '../../src/transforms/transform.js';
import { type Frame, gradient, lifted, train, withoutBatches } from '../../streams/index.js';

/** Microseconds a step of a loop that a person would write by hand, with or without reading loss and norms. */
function plain(problem: Problem<HostArray>, transform: Transform, steps: number, read: boolean): number {
  const algebra = float64;
  const random = new Random(0);
  let parameters: Tree<HostArray> = algebra.scope(() => problem.start(random));
  let state: State<HostArray> = algebra.scope(() => transform.init(parameters, algebra));
  let total = 0;
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    const next = algebra.scope(() => {
      const { value, gradient } = problem.valueAndGradient(parameters, undefined);
      const made = transform.update(
        {
          algebra,
          update: gradient,
          gradient,
          parameters,
          loss: value,
          step,
          random,
          problem: problem as never,
        },
        state,
      );
      if (read) {
        total += algebra.number(value);
        total += algebra.number(treeDot(algebra, gradient, gradient));
        total += algebra.number(treeDot(algebra, made.update, made.update));
      }
      return { x: mapTree(algebra, (x, u) => algebra.add(x, u), parameters, made.update), state: made.state };
    });
    releaseExcept(algebra, [parameters, state], [next.x, next.state]);
    parameters = next.x;
    state = next.state;
  }
  const microseconds = ((performance.now() - start) / steps) * 1e3;
  if (read && !Number.isFinite(total)) throw new Error('the plain loop met a NaN or ∞');
  releaseExcept(algebra, [parameters, state], []);
  return microseconds;
}

async function stream(
  problem: Problem<HostArray>,
  pipeline: MonoTypeOperatorFunction<Frame<HostArray>>,
  steps: number,
): Promise<number> {
  const start = performance.now();
  await lastValueFrom(train(problem, withoutBatches(), pipeline, { steps }));
  return ((performance.now() - start) / steps) * 1e3;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

/** What the stream costs a frame over a plain loop of the same transforms, on a host problem. */
export async function benchStreams(print: (line: string) => void = console.log): Promise<void> {
  const problem = fromFunction(rosenbrock(2));
  const methods: [string, () => pure.Transform][] = [
    ['gradientDescent', () => pure.chain(pure.learningRate(1e-4))],
    ['momentum', () => pure.chain(pure.momentum(0.9), pure.learningRate(1e-5))],
    ['adam', () => pure.chain(pure.scaleByMoments(), pure.learningRate(1e-4))],
  ];
  const steps = 50_000;
  print('microseconds a step, rosenbrock in 2 variables, median of 5 runs of 50,000 steps');
  print('method            plain loop   + loss and norms   stream   stream − loop');
  for (const [name, make] of methods) {
    const times: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < 6; round++) {
      const measured = [
        plain(problem, make(), steps, false),
        plain(problem, make(), steps, true),
        await stream(problem, pipe(gradient(), lifted(make())), steps),
      ];
      if (round > 0) measured.forEach((time, i) => void times[i].push(time)); // the first warms up
    }
    const [bare, reading, streamed] = times.map(median);
    const cells = [bare, reading, streamed, streamed - reading].map((time) => time.toFixed(2).padStart(12));
    print(`${name.padEnd(16)}${cells.join('')}`);
  }
}

if (import.meta.url === `file://${process.argv[1]}`) await benchStreams();
