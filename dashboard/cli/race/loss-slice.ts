import { lastValueFrom, pipe, tap } from 'rxjs';
import { flat, shaped } from '../../../src/curvature/lanczos.js';
import {
  type Algebra,
  lanczos,
  mapTree,
  Random,
  randomSigns,
  releaseExcept,
  restore,
  type Tree,
  treeDot,
} from '../../../src/index.js';
import type { Method } from '../../../src/methods/index.js';
import { gradient, lifted, train, usedUp } from '../../../streams/index.js';
import { toBatches } from '../../../streams/iterated-batches.js';
import type { SliceDirections, SliceSampled } from '../../record/events.js';
import { chosenMethods } from '../arguments/chosen-methods.js';
import { Misuse } from '../arguments/misuse.js';
import { type Branch, checkpointFor } from './branch.js';
import { lookingAll } from './looks.js';
import type { ModelSetting } from './setting.js';

export interface SliceOptions {
  readonly along: SliceDirections;
  /** Samples along a side. */
  readonly side: number;
  /** Batches whose mean loss is shown: the first of the run. */
  readonly batches: number;
  /** Steps from the checkpoint on that are drawn. */
  readonly steps: number;
}

/** Products with the Hessian for its leading eigenvectors. */
const products = 30;

/**
 * The loss on the plane x + aΔ₁ + bΔ₂ around a checkpoint's parameters x, with the path that the method takes from the
 * point before it on, projected. Both directions are as long as the last update, so that a and b count in such steps.
 *
 * Along 'update', Δ₁ is the last update and Δ₂ the part of −g that is orthogonal to it; along 'eigenvectors' they are
 * those of the Hessian's two eigenvalues of greatest size.
 *
 * @throws Misuse where the checkpoint has no step before it, or the model no Hessian
 */
export async function lossSlice<T, B>(
  setting: ModelSetting<T, B>,
  branch: Branch,
  { along, side, batches, steps }: SliceOptions,
): Promise<Omit<SliceSampled, 'kind' | 'method' | 'seconds'>> {
  const { problem } = setting;
  const { algebra } = problem;
  const { checkpoint, run } = branch;
  if (checkpoint.previous === undefined) {
    throw new Misuse(
      `slice(checkpoint): expected one with a step before it, got one of step ${checkpoint.step}`,
    );
  }
  const at = restore(algebra, checkpoint.parameters) as Tree<T>;
  const before = restore(algebra, checkpoint.previous) as Tree<T>;
  const update = algebra.scope(() => mapTree(algebra, (x, y) => algebra.sub(x, y), at, before));
  const size = lengthOf(algebra, update);
  if (!(size > 0)) throw new Misuse('slice(checkpoint): expected an update before it, got none: it is 0');
  const some = await firstBatches(setting, branch, batches);
  const lossAt = (point: Tree<T>) =>
    some.reduce((sum, batch) => sum + algebra.scope(() => algebra.number(problem.value(point, batch))), 0) /
    some.length;
  const found =
    along === 'update'
      ? alongUpdate(setting, at, update, some)
      : leadingEigenvectors(setting, at, some[0], size, run.seed);
  const [first, second] = found.directions;
  const project = (point: Tree<T>): readonly [number, number] =>
    algebra.scope(() => {
      const away = mapTree(algebra, (x, y) => algebra.sub(x, y), point, at);
      const share = (direction: Tree<T>) =>
        algebra.number(treeDot(algebra, away, direction)) /
        algebra.number(treeDot(algebra, direction, direction));
      return [share(first), share(second)] as const;
    }) as readonly [number, number];
  const path = [project(before), [0, 0] as const, ...(await pathFrom(setting, branch, steps, project))];
  const window = windowOf(path);
  const values: number[] = [];
  for (let row = 0; row < side; row++) {
    const b = window.y0 + (row / (side - 1)) * (window.y1 - window.y0);
    for (let column = 0; column < side; column++) {
      const a = window.x0 + (column / (side - 1)) * (window.x1 - window.x0);
      const point = algebra.scope(() => {
        const off = mapTree(algebra, (u, v) => algebra.combine(a, u, b, v), first, second);
        return mapTree(algebra, (x, d) => algebra.add(x, d), at, off);
      });
      values.push(Number(lossAt(point).toPrecision(6)));
      releaseExcept(algebra, point, []);
    }
  }
  for (const tree of [at, before, update, first, second]) releaseExcept(algebra, tree, []);
  return {
    step: checkpoint.step,
    along,
    ...window,
    columns: side,
    rows: side,
    values,
    path: path.map(([a, b]) => [Number(a.toPrecision(6)), Number(b.toPrecision(6))] as const),
    here: 1,
    size,
    batches: some.length,
    ...(found.eigenvalues && { eigenvalues: found.eigenvalues }),
  };
}

interface Plane<T> {
  readonly directions: readonly [Tree<T>, Tree<T>];
  readonly eigenvalues?: readonly [number, number];
}

/** The last update, and what of the steepest descent is orthogonal to it. */
function alongUpdate<T, B>(
  { problem }: ModelSetting<T, B>,
  at: Tree<T>,
  update: Tree<T>,
  some: readonly B[],
): Plane<T> {
  const { algebra } = problem;
  const second = algebra.scope(() => {
    const { gradient } = problem.valueAndGradient(at, some[0]);
    const share =
      algebra.number(treeDot(algebra, gradient, update)) / algebra.number(treeDot(algebra, update, update));
    const rest = mapTree(algebra, (g, u) => algebra.combine(-1, g, share, u), gradient, update);
    const scale = lengthOf(algebra, update) / (lengthOf(algebra, rest) || 1);
    return mapTree(algebra, (x) => algebra.mul(x, scale), rest);
  });
  const first = algebra.scope(() => mapTree(algebra, (x) => algebra.mul(x, 1), update));
  return { directions: [first, second] };
}

/** Ritz vectors of the two eigenvalues of greatest size, as long as `size`. */
function leadingEigenvectors<T, B>(
  { problem, name }: ModelSetting<T, B>,
  at: Tree<T>,
  batch: B,
  size: number,
  seed: number,
): Plane<T> {
  const { algebra } = problem;
  if (problem.curvature === undefined || !(problem.curvatures ?? []).includes('hessian')) {
    throw new Misuse(`--along eigenvectors: expected a model with a Hessian; ${name} answers none`);
  }
  let eigenvalues: readonly [number, number] = [Number.NaN, Number.NaN];
  const directions = algebra.scope((): Tree<T>[] => {
    const hessian = problem.curvature!('hessian', at, batch);
    const { kind, values, vectors, basis } = lanczos(
      hessian,
      randomSigns(algebra, at, new Random(seed)),
      products,
    );
    const order = [...values.keys()].sort((i, j) => Math.abs(values[j]) - Math.abs(values[i]));
    const [i, j = i] = order;
    if (kind === 'nonFinite' || i === undefined || i === j) {
      throw new Misuse('--along eigenvectors: expected two eigenvalues, but the Hessian has none here');
    }
    eigenvalues = [values[i], values[j]];
    const m = values.length;
    return [i, j].map((k) => {
      const weights = algebra.array(
        Float64Array.from({ length: m }, (_, row) => size * vectors[row * m + k]),
        [1, m],
      );
      const vector = algebra.matmul(weights, basis);
      return shaped(algebra, flat(algebra, vector), at);
    });
  });
  return { directions: directions as [Tree<T>, Tree<T>], eigenvalues };
}

/** The steps that the method takes from the checkpoint on, as it would have gone on. */
async function pathFrom<T, B>(
  setting: ModelSetting<T, B>,
  branch: Branch,
  steps: number,
  project: (point: Tree<T>) => readonly [number, number],
): Promise<(readonly [number, number])[]> {
  const { problem } = setting;
  const { checkpoint, run } = branch;
  const [{ method }] = lookingAll(chosenMethods(branch.asked), run.looks ?? [], setting as ModelSetting);
  const start = problem.algebra.scope(() => problem.start(new Random(0)));
  const fitting = checkpointFor(branch, method as Method, problem.algebra, start);
  releaseExcept(problem.algebra, start, []);
  const seed = branch.method.seed ?? run.seed;
  const path: (readonly [number, number])[] = [];
  const going = train(
    problem,
    setting.source(seed, method.name),
    pipe(gradient(), lifted(method as Method)),
    {
      seed,
      steps: checkpoint.step + steps,
      checkpoint: fitting,
    },
  );
  const recorded = going.pipe(
    tap((frame) => {
      if (frame.stepped) path.push(project(frame.nextParameters));
    }),
  );
  await lastValueFrom(recorded, { defaultValue: undefined });
  return path;
}

async function firstBatches<T, B>(
  setting: ModelSetting<T, B>,
  { method, run }: Branch,
  count: number,
): Promise<B[]> {
  const cursor = toBatches(setting.source(method.seed ?? run.seed, method.name)).open();
  const some: B[] = [];
  for (let k = 0; k < count; k++) {
    const batch = await cursor.next();
    if (batch === usedUp) break;
    some.push(batch);
  }
  cursor.close();
  return some;
}

const lengthOf = <T>(algebra: Algebra<T>, tree: Tree<T>): number =>
  Math.sqrt(algebra.scope(() => algebra.number(treeDot(algebra, tree, tree))));

/** What holds a path and a step to every side, with equal units on both axes. */
function windowOf(path: readonly (readonly [number, number])[]) {
  const known = path.filter((point) => point.every(Number.isFinite));
  const ends = ([0, 1] as const).map((axis) => {
    const along = known.map((point) => point[axis]);
    const [low, high] = [Math.min(-1, ...along), Math.max(1, ...along)];
    return { middle: (low + high) / 2, half: (high - low) / 2 };
  });
  const half = 1.25 * Math.max(...ends.map((end) => end.half));
  const [x, y] = ends;
  return { x0: x.middle - half, x1: x.middle + half, y0: y.middle - half, y1: y.middle + half };
}
