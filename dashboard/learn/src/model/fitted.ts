import { type Window, windowAround } from '../../../plot/window.js';
import type { Subject } from './subject.js';
import type { Walk } from './walk.js';

/** The part of the plane, or of the line, that holds the paths, but for what runs off. */
export function fitted(walks: readonly Walk[], { minima, n }: Subject): Window {
  const tracks = walks.map(({ stands }) => ({
    points: stands.map(({ x, value }) => (n === 1 ? [x[0], value] : x)),
    values: stands.map(({ value }) => value),
  }));
  const known = minima.flatMap(({ x, value }) => (x === undefined ? [] : [n === 1 ? [x[0], value] : x]));
  return windowAround(tracks, known);
}
