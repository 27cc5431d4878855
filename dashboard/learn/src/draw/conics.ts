import { dot } from '../../../../src/linalg/index.js';
import { levelStep, type Shape, shapeOf } from '../model/model-shape.js';

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
  if (p.every((pi) => pi === 0) || least === 0 || most === 0) return undefined;
  const centre = [x[0] + p[0], x[1] + p[1]] as const;
  if (least > 0 || most < 0) {
    const curves = shares.map((share) => ellipse(hessian, centre, rise * share * share));
    return { kind: least > 0 ? 'minimum' : 'maximum', centre, curves };
  }
  // On the asymptotes the model is as high as at its saddle: what it rises one way it falls the other.
  const rises = absoluteRise(shape, p);
  const around = [0.4, 0.8].flatMap((share) =>
    [rises, -rises].flatMap((level) => hyperbola(hessian, centre, level * share * share)),
  );
  const isLevel = Math.abs(rise) <= level0 * rises;
  const contact = isLevel ? asymptotes(hessian, centre, rises) : hyperbola(hessian, centre, rise);
  return { kind: 'saddle', centre, curves: [...around, ...contact] };
}

/** A rise below this fraction of what its parts are is none. */
const level0 = 1e-12;

/** ½Σ|λᵢ|(qᵢᵀp)². */
function absoluteRise({ values, vectors }: Shape, [p0, p1]: Float64Array): number {
  const part = (i: 0 | 1) => (Math.abs(values[i]) * (vectors[i] * p0 + vectors[2 + i] * p1) ** 2) / 2;
  return part(0) + part(1);
}

/** The two lines on which ½dᵀHd = 0, as far as the hyperbolas of that level are drawn. */
function asymptotes(hessian: Float64Array, centre: ArrayLike<number>, level: number): Curve[] {
  const [a, b] = halfAxes(hessian, level);
  const far = Math.cosh(farthest);
  return [1, -1].map((side) => [-far, far].map((t) => along(centre, a, t, b, side * t)));
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
