import { norm } from '../../../../src/linalg/index.js';
import { minimize } from '../../../../src/methods/minimize.js';
import { trustRegion } from '../../../../src/methods/trust-region.js';
import { chosenMethods } from '../../../cli/arguments/chosen-methods.js';
import type { Setting } from './lessons.js';
import { shapeOf } from './model-shape.js';
import type { Subject } from './subject.js';
import { type Refusal, type Walk, walk } from './walk.js';

/** Every method's walk on the function. */
export function walks(
  subject: Subject,
  setting: Pick<Setting, 'start' | 'methods' | 'limit'>,
): (Walk | Refusal)[] {
  return chosenMethods(setting.methods).map((one) =>
    walk(one, subject.definition, setting.start, setting.limit),
  );
}

export function walked(one: Walk | Refusal): one is Walk {
  return 'stands' in one;
}

/** Curvatures below this fraction of the largest count as 0. */
const flat = 1e-9;

/** How a walk ended, in two or three words; one that converged is told by the curvature of f there. */
export function ended({ stands, outcome }: Walk, { definition, n }: Subject): string {
  const { x } = stands[stands.length - 1];
  const steps = stands.length - 1;
  const after = `after ${steps} ${steps === 1 ? 'step' : 'steps'}`;
  if (outcome.kind === 'converged') {
    const values = shapeOf(definition.hessian!(x), n)?.values ?? [];
    const scale = flat * Math.max(...values.map(Math.abs));
    const [down, up] = [values.some((value) => value < -scale), values.some((value) => value > scale)];
    const where = !down ? 'arrives' : up ? 'at a saddle' : 'at a maximum';
    return `${where} ${after}`;
  }
  return `${outcome.failure === undefined ? words[outcome.kind] : failures[outcome.failure]} ${after}`;
}

const words = {
  budget: 'goes on',
  diverged: 'diverges',
  nonFinite: 'meets what is no number',
  lineSearchFailed: 'finds no step that descends',
  singular: 'cannot solve for a step',
  stopped: 'is stopped',
  timeout: 'is stopped',
  deviceLost: 'is stopped',
} as const;
const failures = {
  oscillation: 'goes to and fro',
  overshoot: 'overshoots more and more',
  negativeCurvature: 'meets negative curvature',
  vanishingCurvature: 'meets no curvature',
} as const;

/** The least value known, from which the strip measures: the function's own, or the least that was found. */
export interface Floor {
  readonly value: number;
  readonly known: boolean;
}

const polish = { maxIterations: 200, gradientTolerance: 0 };

/** The least of the minima; where none is known, of what the walks found and what a trust region finds from there. */
export function floorOf({ minima, definition }: Subject, all: readonly (Walk | Refusal)[]): Floor {
  if (minima.length > 0) return { value: Math.min(...minima.map(({ value }) => value)), known: true };
  const ends = all.filter(walked).map(({ stands }) => stands[stands.length - 1]);
  const values = all.filter(walked).flatMap(({ stands }) => stands.map(({ value }) => value));
  for (const { x, value } of ends) {
    if (Number.isFinite(value)) values.push(minimize(definition, x, trustRegion(), polish).value);
  }
  return { value: Math.min(...values.filter(Number.isFinite)), known: false };
}

/** One line of the strip for each quantity: its value at each step. */
export function curves({ stands }: Walk, floor: Floor) {
  return {
    excess: stands.map(({ value }) => value - floor.value),
    gradient: stands.map(({ gradient }) => norm(gradient)),
    length: stands.slice(1).map(({ x }, k) => norm(x.map((xi, i) => xi - stands[k].x[i]))),
  };
}
