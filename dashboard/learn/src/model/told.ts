import { dot, matrixVector, norm } from '../../../../src/linalg/index.js';
import type { Readings } from '../../../../src/objective/measure.js';
import type { TestFunction } from '../../../../src/problems/index.js';
import { number } from './format.js';
import { levelStep, shapeOf } from './model-shape.js';
import type { Stand, Walk } from './walk.js';

/** A number worth reading at a step, with its sign in formulas. */
export interface Fact {
  readonly sign: string;
  readonly meaning: string;
  readonly value: number | readonly number[];
  readonly unit?: string;
}

/** What one step of a walk teaches. */
export interface Told {
  readonly sentences: readonly string[];
  readonly facts: readonly Fact[];
  /** By how much the model says the value falls, and by how much it fell, where there is a model. */
  readonly decrease?: { readonly promised: number; readonly actual: number };
}

/** Steps closer than this fraction of their length are one. */
const close = 1e-6;
/** A change of f by less than this fraction of what was promised is none. */
const nothing = 1e-9;
const signs: Readonly<Record<string, readonly [sign: string, meaning: string]>> = {
  stepLength: ['α', 'how far along the direction'],
  damping: ['λ', 'what is added to the curvature'],
  gainRatio: ['ρ', 'the actual fall over the promised one'],
  radius: ['Δ', 'the radius of the trust region'],
  rejections: ['refused', 'trials refused before it'],
};

/** Says what a method does at step k of its walk, and how it turns out. */
export function told(walk: Walk, k: number, { hessian }: Pick<TestFunction, 'hessian'> = {}): Told {
  const here = walk.stands[Math.min(k, walk.stands.length - 1)];
  const next = walk.stands[k + 1];
  const place: Fact[] = [
    { sign: 'x', meaning: 'where it stands', value: [...here.x] },
    { sign: 'f', meaning: 'the value there', value: here.value },
    { sign: '‖g‖', meaning: 'the length of the gradient', value: norm(here.gradient) },
  ];
  const curvature = curvatureFacts(here, hessian?.(here.x));
  if (here.leap === undefined || next === undefined) {
    return { sentences: [`The run ends here: ${walk.outcome.message}.`], facts: [...place, ...curvature] };
  }
  const p = next.x.map((xi, i) => xi - here.x[i]);
  const decrease = decreaseOf(here, next, p);
  const turn = angle(
    p,
    here.gradient.map((gi) => -gi),
  );
  const facts = [
    ...place,
    ...curvature,
    { sign: '‖p‖', meaning: 'the length of the step', value: norm(p) },
    ...(here.x.length === 2
      ? [{ sign: '∠(p, −g)', meaning: 'the angle between the step and −g', value: turn, unit: '°' }]
      : []),
    ...measured(here.leap.measures),
  ];
  return {
    sentences: [
      direction(here, p, turn),
      ...refusals(here.leap.measures),
      ...judged(decrease, next.value),
      ...adapted(here.leap.measures, next.leap?.measures),
    ],
    facts,
    ...(decrease && { decrease }),
  };
}

/** The curvatures of the model, and the true ones where they are others. */
function curvatureFacts({ leap, x }: Stand, truth: Float64Array | undefined): Fact[] {
  const one = x.length === 1;
  const of = (hessian: Float64Array | undefined, sign: string, meaning: string): Fact[] => {
    const shape = hessian && shapeOf(hessian, x.length);
    return shape ? [{ sign, meaning, value: one ? shape.values[0] : [...shape.values] }] : [];
  };
  const model = leap?.model;
  const same = model === undefined || truth === undefined || model.every((entry, i) => entry === truth[i]);
  return [
    ...of(
      model ?? truth,
      one ? 'f″' : 'λ₁, λ₂',
      model ? 'the curvatures of its model, least and most' : 'the curvatures here',
    ),
    ...(same ? [] : of(truth, one ? 'true f″' : 'true λ₁, λ₂', 'the true curvatures here')),
  ];
}

function measured(measures: Readings): Fact[] {
  return Object.entries(signs).flatMap(([name, [sign, meaning]]) => {
    const value = measures[name];
    return typeof value === 'number' && Number.isFinite(value) ? [{ sign, meaning, value }] : [];
  });
}

/** Where the step leads, compared with where the model is level. */
function direction({ leap, x, gradient }: Stand, p: Float64Array, turn: number): string {
  const model = leap?.model;
  const shape = model && shapeOf(model, x.length);
  if (!model || !shape) {
    return x.length === 1 || turn < 1
      ? 'It steps straight down the slope.'
      : `It keeps no matrix of curvatures; its step is turned ${number(turn, 2)}° from −g.`;
  }
  const [least, most] = [shape.values[0], shape.values[shape.values.length - 1]];
  const level = levelStep(model, gradient);
  const goesThere = level !== undefined && norm(p.map((pi, i) => pi - level[i])) <= close * norm(p);
  const one = x.length === 1;
  if (least <= 0) {
    const kind = most > 0 ? 'saddle' : 'maximum';
    const bends = one
      ? `The curvature f″ is ${number(least, 2)}: the parabola opens downwards`
      : `The curvatures are ${number(least, 2)} and ${number(most, 2)}: the model has ${kind === 'saddle' ? 'a saddle' : 'a maximum'} and no minimum`;
    return goesThere
      ? `${bends}, and the step goes to ${one ? 'its top' : `that ${kind}`} all the same.`
      : `${bends}; the step does not go ${one ? 'to its top' : 'there'}.`;
  }
  if (goesThere) {
    return `The step goes to the model’s minimum, ${one ? 'the bottom of the parabola' : 'the centre of the ellipses'}.`;
  }
  if (level === undefined) return 'The model is flat in one direction, and has no single minimum.';
  const share = norm(p) / norm(level);
  const aside = one ? 0 : angle(p, level);
  const length = `${number(share, 2)} times as long as the one to the model’s minimum`;
  return aside < 1
    ? `The step is ${length}.`
    : `The step is ${length}, and turned ${number(aside, 2)}° from it.`;
}

function refusals({ rejections }: Readings): string[] {
  if (typeof rejections !== 'number' || !(rejections > 0)) return [];
  return [
    rejections === 1 ? 'One trial was refused before it.' : `${rejections} trials were refused before it.`,
  ];
}

/** What a method learns from it about how far to trust its model: a region's radius, or the damping. */
function adapted(now: Readings, next: Readings | undefined): string[] {
  const name = 'radius' in now ? 'radius' : 'damping';
  const [before, after] = [now[name], next?.[name]];
  if (typeof before !== 'number' || typeof after !== 'number' || !Number.isFinite(before + after)) return [];
  if (Number(next?.rejections) > 0)
    return [`At the next point a trial is refused, and the ${name} becomes ${number(after, 2)}.`];
  if (Math.abs(after - before) <= close * before) return [`The ${name} stays as it is.`];
  return [`The ${name} then ${after > before ? 'grows' : 'shrinks'} to ${number(after, 2)}.`];
}

/** How the promise was kept. */
function judged(decrease: Told['decrease'], value: number): string[] {
  if (decrease === undefined || !Number.isFinite(value)) return [];
  const { promised, actual } = decrease;
  const [fall, got] = [number(promised, 2), number(Math.abs(actual), 2)];
  if (!(promised > 0)) {
    return [
      `The model says the value rises by ${number(-promised, 2)}; it ${actual > 0 ? 'falls' : 'rises'} by ${got}.`,
    ];
  }
  if (Math.abs(actual) <= nothing * promised) {
    return [`The model promises a fall of ${fall}, but f stays the same.`];
  }
  if (actual < 0)
    return [`The model promises a fall of ${fall}, but f rises by ${got}: the step overshoots.`];
  const share = `${number((100 * actual) / promised, 2)} % of what the model promised`;
  if (actual < promised / 4) return [`f falls by only ${share}: the model is trusted too far.`];
  if (actual > 2 * promised) return [`f falls by ${share}: the function curves down from its model.`];
  return [`f falls by ${share}.`];
}

/** −m(p) and f(x) − f(x + p). */
function decreaseOf({ leap, gradient, value }: Stand, next: Stand, p: Float64Array): Told['decrease'] {
  if (leap?.model === undefined) return undefined;
  const along = new Float64Array(p.length);
  matrixVector(leap.model, p, along);
  const promised = -dot(gradient, p) - dot(p, along) / 2;
  return Number.isFinite(promised) ? { promised, actual: value - next.value } : undefined;
}

/** Less than so many degrees come from rounding. */
const straight = 1e-6;

/** Degrees between two vectors, by Kahan's formula, which keeps its digits where they are nearly parallel. */
export function angle(a: Float64Array, b: Float64Array): number {
  const [ua, ub] = [a, b].map((v) => v.map((vi) => vi / norm(v)));
  const [apart, together] = [norm(ua.map((ui, i) => ui - ub[i])), norm(ua.map((ui, i) => ui + ub[i]))];
  const degrees = (2 * Math.atan2(apart, together) * 180) / Math.PI;
  return degrees < straight ? 0 : degrees;
}
