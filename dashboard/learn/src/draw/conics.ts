import { dot } from '../../../../src/linalg/index.js';
import { levelStep, shapeOf } from '../model/model-shape.js';

type Curve = readonly (readonly [number, number])[];

/** The level curves of a quadratic model, in the plane. */
export interface ModelCurves {
  readonly kind: 'minimum' | 'maximum' | 'saddle';
  /** The point where the model is level. */
  readonly centre: readonly [number, number];
  /** The one through the point where the model touches the function comes last. */
  readonly curves: readonly Curve[];
}

const turns = 96;
/** The ellipses lie at these parts of the way from the centre to the point of contact. */
const shares = [0.25, 0.5, 0.75, 1];
/** Hyperbolas are followed until they are so many times as far from the centre as at their nearest. */
const farthest = 3.4;

/** Contours of gᵀp + ½pᵀHp around x: ellipses, or hyperbolas; undefined where the model is level nowhere, or here. */
export function modelCurves(
  hessian: Float64Array,
  gradient: Float64Array,
  x: ArrayLike<number>,
): ModelCurves | undefined {
  const p = levelStep(hessian, gradient);
  const shape = shapeOf(hessian, 2);
  if (p === undefined || shape === undefined) return undefined;
  const rise = -dot(gradient, p) / 2; // of the model from its level point to x
  const [least, most] = shape.values;
  if (!(Math.abs(rise) > 0) || least === 0 || most === 0) return undefined;
  const centre = [x[0] + p[0], x[1] + p[1]] as const;
  if (least > 0 || most < 0) {
    const curves = shares.map((share) => ellipse(hessian, centre, rise * share * share));
    return { kind: least > 0 ? 'minimum' : 'maximum', centre, curves };
  }
  const near = shares.slice(1).flatMap((share) => hyperbola(hessian, centre, -rise * share * share));
  const contact = shares.slice(1).flatMap((share) => hyperbola(hessian, centre, rise * share * share));
  return { kind: 'saddle', centre, curves: [...near, ...contact] };
}

/** Where ½dᵀHd = level for d around a centre, H definite of the level's sign. */
export function ellipse(hessian: Float64Array, centre: ArrayLike<number>, level: number): Curve {
  const [a, b] = halfAxes(hessian, level);
  return Array.from({ length: turns + 1 }, (_, k) => {
    const t = (2 * Math.PI * k) / turns;
    return along(centre, a, Math.cos(t), b, Math.sin(t));
  });
}

/** The two branches of ½dᵀHd = level, H indefinite. */
export function hyperbola(hessian: Float64Array, centre: ArrayLike<number>, level: number): Curve[] {
  const [ofLeast, ofMost] = halfAxes(hessian, level);
  const [across, open] = level > 0 ? [ofMost, ofLeast] : [ofLeast, ofMost];
  return [1, -1].map((side) =>
    Array.from({ length: turns + 1 }, (_, k) => {
      const t = farthest * ((2 * k) / turns - 1);
      return along(centre, across, side * Math.cosh(t), open, Math.sinh(t));
    }),
  );
}

/** The vectors √(2|level|/|λᵢ|)·qᵢ. */
function halfAxes(hessian: Float64Array, level: number): readonly [Float64Array, Float64Array] {
  const { values, vectors } = shapeOf(hessian, 2)!;
  const axis = (i: 0 | 1) => {
    const length = Math.sqrt(Math.abs((2 * level) / values[i]));
    return Float64Array.of(vectors[i] * length, vectors[2 + i] * length);
  };
  return [axis(0), axis(1)];
}

function along(
  centre: ArrayLike<number>,
  a: Float64Array,
  s: number,
  b: Float64Array,
  t: number,
): readonly [number, number] {
  return [centre[0] + s * a[0] + t * b[0], centre[1] + s * a[1] + t * b[1]];
}

/** The curvature a method has learnt beside the true one, on one scale: where ½dᵀHd is the same for both. */
export interface LearntCurves {
  readonly truth: readonly Curve[];
  readonly learnt: readonly Curve[];
}

/** @param size the longest half axis of the two */
export function learntCurves(
  truth: Float64Array,
  learnt: Float64Array,
  centre: ArrayLike<number>,
  size: number,
): LearntCurves | undefined {
  const shapes = [truth, learnt].map((hessian) => shapeOf(hessian, 2));
  const curvatures = shapes.flatMap((shape) => [...(shape?.values ?? [])]).filter((value) => value > 0);
  if (shapes.includes(undefined) || curvatures.length === 0) return undefined;
  const level = (size * size * Math.min(...curvatures)) / 2;
  const of = (hessian: Float64Array) => {
    const [least, most] = shapeOf(hessian, 2)!.values;
    if (least > 0) return [ellipse(hessian, centre, level)];
    return least < 0 && most > 0 ? hyperbola(hessian, centre, level) : [];
  };
  return { truth: of(truth), learnt: of(learnt) };
}
