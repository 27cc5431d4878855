import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { adam, fisherAdam, mapTree, type State, type Tree, zerosLike } from '../../src/index.js';
import { cifar10, classification, mlp, mnist, tinyVit, useBackend } from '../../src/tensors/index.js';
import { fisherDiagonal } from '../../src/transforms/fisher-diagonal.js';
import {
  type Context,
  type Preconditioner,
  quadraticSteps,
  type Transform,
} from '../../src/transforms/index.js';
import { batches, gradient, lifted, train } from '../../streams/index.js';

const file = join(import.meta.dirname, '../../docs/exponent-one.json');

/** One method's run, as docs/exponent-one.json keeps it. */
export interface ExponentRun {
  readonly problem: 'mnist' | 'cifar10';
  readonly method: string;
  readonly steps: number;
  /** Mean over the last quarter of the steps; null where one was not finite. */
  readonly loss: number | null;
  /** The highest loss of a batch on the way. */
  readonly worst: number | null;
  readonly accuracy: number | null;
}

/** The running diagonal of the Fisher matrix under sampled labels, T·ĝ², solved with under any damping. */
function fisherDiagonals(memory: number): Preconditioner {
  interface Known<T> {
    readonly count: number;
    readonly diagonal: Tree<T>;
  }
  const known = <T>(state: State<T>) => state as unknown as Known<T>;
  return {
    name: 'fisherDiagonals',
    options: { memory },
    needs: ['linearized'],
    measures: [],
    init: (parameters, algebra) => ({ count: 0, diagonal: zerosLike(algebra, parameters) }),
    observe<T>(context: Context<T>, state: State<T>): State<T> {
      const { count, diagonal } = known(state);
      const fresh = fisherDiagonal('fisherDiagonals', context, 'batch');
      const mixed = mapTree(
        context.algebra,
        (v, f) => context.algebra.combine(memory, v, 1 - memory, f),
        diagonal,
        fresh,
      );
      return { count: count + 1, diagonal: mixed };
    },
    refresh: (_, state) => ({ state }),
    solve<T>({ algebra, update }: Context<T>, state: State<T>, damping: number): Tree<T> {
      const { count, diagonal } = known(state);
      const corrected = 1 - memory ** count;
      return mapTree(
        algebra,
        (u, v) => algebra.div(u, algebra.add(algebra.div(v, corrected), damping)),
        update,
        diagonal,
      );
    },
  };
}

const fisher = (epsilon: number, learningRate: number, exponent = 1) =>
  [
    `fisherAdam(exponent=${exponent},epsilon=${epsilon},learningRate=${learningRate})`,
    () => fisherAdam({ exponent, epsilon, learningRate, beta1: 0 }),
  ] as const;

type Tried = readonly (readonly [string, () => Transform])[];

const ofAdam = (epsilon: number, learningRate: number) =>
  [
    `adam(exponent=1,epsilon=${epsilon},learningRate=${learningRate})`,
    () => adam({ exponent: 1, epsilon, learningRate, beta1: 0 }),
  ] as const;
const adaptive = [
  'adaptive damping',
  () => quadraticSteps(fisherDiagonals(0.95), { momentum: false }),
] as const;

/** η/ε is the rate where the Fisher matrix is small: on the vision transformer descent bears hundredths of it. */
const methods: Readonly<Record<ExponentRun['problem'], Tried>> = {
  mnist: [
    ofAdam(1e-6, 0.001),
    ofAdam(0.01, 0.01),
    fisher(1e-6, 0.001),
    fisher(0.001, 0.001),
    fisher(0.01, 0.01),
    fisher(0.1, 0.1),
    adaptive,
    fisher(0.01, 0.01, 0.5),
  ],
  cifar10: [
    ofAdam(1e-6, 0.001),
    ofAdam(0.01, 0.01),
    fisher(1e-6, 0.001),
    fisher(0.01, 0.01),
    fisher(0.1, 0.1),
    fisher(0.01, 0.0003),
    fisher(0.1, 0.003),
    fisher(1, 0.03),
    adaptive,
    fisher(0.01, 0.001, 0.5),
  ],
};

/**
 * Adam and the proper Fisher matrix with exponent 1, no mean of gradients, under more and more damping and an adaptive
 * one, written to docs/exponent-one.json; what is there already is not run again.
 *
 *   FLUXION_DATA=… npx tsx spec/bench/exponent-one.ts 300 150
 */
async function record(steps: { readonly mnist: number; readonly cifar10: number }): Promise<void> {
  await useBackend('wasm');
  const known: ExponentRun[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const runs: ExponentRun[] = [];
  for (const problem of ['mnist', 'cifar10'] as const) {
    const data = problem === 'mnist' ? mnist : cifar10;
    const [examples, test] = [await data('train'), await data('test')];
    const of = classification(problem === 'mnist' ? mlp([784, 128, 64, 10]) : tinyVit(), { test });
    const size = problem === 'mnist' ? 128 : 32;
    for (const [method, create] of methods[problem]) {
      const before = known.find((run) => run.problem === problem && run.method === method);
      if (before !== undefined) {
        runs.push(before);
        continue;
      }
      const losses: number[] = [];
      const run = train(
        of,
        batches(examples, { size, seed: 1, replacement: problem === 'cifar10' }),
        (frames) => frames.pipe(gradient(), lifted(create())),
        { steps: steps[problem], seed: 1 },
      );
      let accuracy: number | null = null;
      await lastValueFrom(
        run.pipe(
          tap((frame) => {
            losses.push(frame.lossValue);
            if (frame.step === steps[problem] - 1) {
              accuracy = of.evaluate!(frame.parameters).accuracy ?? null;
            }
          }),
        ),
      );
      const quarter = losses.slice(-Math.ceil(losses.length / 4));
      const digits = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : null);
      runs.push({
        problem,
        method,
        steps: losses.length,
        loss: digits(quarter.reduce((sum, loss) => sum + loss, 0) / quarter.length),
        worst: digits(Math.max(...losses)),
        accuracy: accuracy === null ? null : digits(accuracy),
      });
      console.log(JSON.stringify(runs[runs.length - 1]));
      writeFileSync(file, `${JSON.stringify(runs, null, 2)}\n`);
    }
  }
}

if (basename(process.argv[1] ?? '') === 'exponent-one.ts') {
  const [mnistSteps = 300, cifarSteps = 150] = process.argv.slice(2).map(Number);
  await record({ mnist: mnistSteps, cifar10: cifarSteps });
}
