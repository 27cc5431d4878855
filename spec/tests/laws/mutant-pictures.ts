import { contourPlot, type PlotPath } from '../../../dashboard/plot/index.js';
import { booth, float64, quartic, rosenbrock, saddle, type TestFunction } from '../../../src/index.js';
import { mutants } from '../../mutants/index.js';
import { ourOptimizers } from '../../subjects/ours.js';
import { ourSolvers } from '../../subjects/second-order/our-solvers.js';
import type { Subject } from '../../subjects/subject.js';
import { descent } from '../../subjects/trajectory.js';

interface Scene {
  readonly title: string;
  readonly problem: TestFunction;
  readonly start?: readonly [number, number];
  readonly steps: number;
  /** Options of the method, or what is asked of the solver. */
  readonly options: object;
}

/** The mistakes that are drawn: where the wrong method goes on a function of two variables, and the right one. */
export const pictured: ReadonlyMap<string, Scene> = new Map<string, Scene>([
  scene('momentum-dampened', booth(), 40, { learningRate: 0.02, beta: 0.8 }, [9, 8]),
  scene('nesterov-looks-twice', booth(), 40, { learningRate: 0.02, beta: 0.8 }, [9, 8]),
  scene('adam-square-uncorrected', booth(), 60, { learningRate: 0.2 }, [9, 8]),
  scene('adan-difference-weight', rosenbrock(), 120, { learningRate: 0.05, weightDecay: 0 }),
  scene('saddle-attracts', saddle(), 8, {}),
  scene('row-sums', quartic(), 30, { step: 0.5 }),
  scene('gradient-transformed-in-place', quartic(), 60, { step: 0.15 }),
  scene('bfgs-learns-late', quartic(), 30, { step: 0.15 }),
]);

function scene(
  id: string,
  problem: TestFunction,
  steps: number,
  options: object,
  start?: readonly [number, number],
): [string, Scene] {
  return [id, { title: `${id} on ${problem.name}`, problem, start, steps, options }];
}

/** The contours with the paths of the right method and the wrong one. */
export function pictureOf(id: string): string {
  const { title, problem } = pictured.get(id)!;
  const wrong = mutants.find((mutant) => mutant.id === id)!.subject as Subject & { method: string };
  const right = [...ourOptimizers(float64), ...ourSolvers].find(
    ({ kind, method }) => kind === wrong.kind && method === wrong.method,
  )!;
  const minima = problem.minimum === undefined ? [] : [problem.minimum];
  return contourPlot({
    title,
    value: (x, y) => problem.value(Float64Array.of(x, y)),
    paths: [pathOf(right, wrong.method, id), pathOf(wrong, id, id)],
    minima,
  });
}

function pathOf(subject: Subject, label: string, id: string): PlotPath {
  const { problem, steps, options, start = problem.start } = pictured.get(id)!;
  const gradient = (x: Float64Array) => problem.gradient!(x);
  const points =
    subject.kind === 'solver'
      ? subject.trace(problem, start, steps, options).points
      : subject.kind === 'optimizer'
        ? descent(
            subject.create(options),
            [{ shape: [2], data: Float64Array.from(start) }],
            gradient,
            steps,
            2 ** -52,
          )
        : [];
  return { label, points, values: points.map((x) => problem.value(Float64Array.from(x))) };
}
