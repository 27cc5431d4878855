import { norm } from '../../subjects/point.js';
import { atMost, bounded } from '../tolerance.js';
import type { Judge } from './judged-step.js';

export const newtonInOne: Judge = ({ k, points, s, g, h, options, lost, epsilon }) => {
  const expected = (-((options.stepLength as number) ?? 1) * g[0]) / h[0];
  const size = Math.abs(points[k][0]) + Math.abs(points[k + 1][0]);
  const allowed = 8 * epsilon * (Math.abs(expected) + size) + lost * Math.abs(expected);
  const told = bounded(`step ${k + 1}`, Math.abs(s[0] - expected), allowed);
  return [told.ratio <= 1 ? told : { ...told, expected: String(expected), got: String(s[0]) }];
};

export const secant: Judge = ({ k, points, s, problem, epsilon }) => {
  if (k === 0) return []; // the point before the start is the subject's
  const [[before], [x], [next]] = points.slice(k - 1, k + 2);
  const [was, now] = [before, x].map((at) => problem.gradient(Float64Array.of(at))[0]);
  const expected = (-now * (x - before)) / (now - was);
  const digits = (Math.abs(now) + Math.abs(was)) / Math.abs(now - was) + Math.abs(x) / Math.abs(x - before);
  const allowed = 16 * epsilon * (digits * Math.abs(expected) + Math.abs(x) + Math.abs(next));
  if (!(allowed < 1e-3 * Math.abs(expected))) return 'stop';
  const told = bounded(`step ${k + 1}`, Math.abs(s[0] - expected), allowed);
  return [told.ratio <= 1 ? told : { ...told, expected: String(expected), got: String(s[0]) }];
};

export const falls: Judge = ({ k, points, problem, epsilon }) => {
  const [before, after] = [points[k], points[k + 1]].map((x) => problem.value(x));
  const size = norm(points[k]) + norm(points[k + 1]);
  const terms = Math.abs(before) + Math.abs(after) + norm(problem.hessian(points[k])) * size ** 2 + size ** 4;
  return [atMost(`f after step ${k + 1}`, after, before, size, epsilon, terms)];
};
