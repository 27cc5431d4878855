import { findMethod, float64 } from '../src/index.js';
import type { Likeness } from './likeness.js';
import { optimizerOf } from './subjects/adapt.js';
import { norm, vector } from './subjects/point.js';
import type { Optimizer, OptimizerSubject } from './subjects/subject.js';
import { descent } from './subjects/trajectory.js';

/** f(x) = ½(a·x₀² + b·x₁²) and where optimizers went on it from one start. */
export interface DrawnPath {
  readonly curvatures: readonly [number, number];
  readonly paths: readonly { readonly label: string; readonly points: readonly (readonly number[])[] }[];
}

const steps = 150;

/**
 * Where a subject goes on a bowl of two variables, beside the method that it claims to be or that it behaves like. The
 * bowl is as wide and as curved as its first step asks, so that some twenty steps lead across.
 */
export function drawnPath(subject: OptimizerSubject, alike: readonly Likeness[]): DrawnPath | undefined {
  const { fixed = {}, epsilon } = subject;
  for (const stretch of [1, 2 ** -3, 2 ** -6, 2 ** -9, 2 ** 3]) {
    for (const curvature of [1, 8, 64, 512]) {
      const curvatures = [curvature, 4 * curvature] as const;
      const start = [3 * stretch, 2 * stretch];
      const walked = (optimizer: Optimizer, count: number) =>
        descent(optimizer, vector(start), (x) => x.map((xi, i) => curvatures[i] * xi), count, epsilon, {
          value: (x) => (curvatures[0] * x[0] ** 2 + curvatures[1] * x[1] ** 2) / 2,
          hessian: Float64Array.of(curvatures[0], 0, 0, curvatures[1]),
        }).map((x) => [...x]);
      const [, first] = walked(subject.create(fixed), 1);
      const share = norm(first.map((x, i) => x - start[i])) / norm(start);
      if (!(share > 0.02 && share < 0.15)) continue;
      const paths = [{ label: subject.name, points: walked(subject.create(fixed), steps) }];
      const other = otherOf(subject, alike);
      if (other !== undefined) paths.unshift({ label: other.label, points: walked(other.optimizer, steps) });
      return { curvatures, paths };
    }
  }
  return undefined;
}

function otherOf({ method, fixed }: OptimizerSubject, [like]: readonly Likeness[]) {
  const known = method !== 'stranger' ? method : like?.method;
  if (known === undefined) return undefined;
  const options = method !== 'stranger' ? fixed : like.options;
  const entry = findMethod(known, 'train');
  return { label: `${entry.name} of fluxion`, optimizer: optimizerOf(float64, entry.create(options)) };
}
