import type { StepPicture } from '../../../spec/index.js';
import { contourLines } from '../../plot/contour-lines.js';
import { element } from '../../plot/svg.js';

const [width, height] = [528, 264];
const lines = 9;

type Point = readonly number[];

/**
 * A counterexample of two variables as an SVG image: contours, the steps that were expected, dashed, to e, and those that
 * were got to g, from one start o. Its colours are those of the page around it.
 */
export function stepDrawing(picture: StepPicture): string {
  const { window, values, across, start, expected, got } = picture;
  const [left, right, bottom, top] = window;
  const at = ([x, y]: Point): Point => [
    ((x - left) / (right - left)) * width,
    ((top - y) / (top - bottom)) * height,
  ];
  const path = (points: readonly Point[], more: object) =>
    element('path', {
      d: points
        .map(
          (point, k) =>
            `${k === 0 ? 'M' : 'L'}${at(point)
              .map((one) => one.toFixed(1))
              .join(' ')}`,
        )
        .join(''),
      fill: 'none',
      ...more,
    });
  const letter = (point: Point, text: string, kind?: string) => {
    const [x, y] = at(point);
    // Beside one another where the steps end at one place.
    const beside = kind === 'holds' ? -14 : 6;
    return element('text', { x: x + beside, y: y - 6, fill: 'currentColor', class: kind }, text);
  };
  const dot = (point: Point, kind?: string) => {
    const [cx, cy] = at(point);
    return element('circle', { cx, cy, r: 3.5, fill: 'currentColor', class: kind });
  };
  const grid = {
    x0: left,
    x1: right,
    y0: top, // the first row of values is the highest
    y1: bottom,
    columns: across,
    rows: values.length / across,
    values,
  };
  const contours = levelsOf(values).flatMap((level) =>
    contourLines(grid, level).map(({ points }) => path(points, { stroke: 'var(--line)' })),
  );
  const ends = [expected.at(-1) ?? start, got.at(-1) ?? start];
  return element(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' },
    element('title', {}, 'from o: expected to e, dashed, got to g'),
    ...contours,
    path([start, ...expected], {
      stroke: 'currentColor',
      class: 'holds',
      'stroke-width': 2,
      'stroke-dasharray': '6 4',
    }),
    path([start, ...got], { stroke: 'currentColor', class: 'broken', 'stroke-width': 2 }),
    dot(start),
    dot(ends[0], 'holds'),
    dot(ends[1], 'broken'),
    letter(start, 'o'),
    letter(ends[0], 'e', 'holds'),
    letter(ends[1], 'g', 'broken'),
  );
}

/** Levels with equal shares of the picture between them. */
function levelsOf(values: readonly number[]): number[] {
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b);
  return Array.from(
    { length: lines },
    (_, k) => sorted[Math.floor(((k + 1) / (lines + 1)) * sorted.length)],
  ).filter((level) => level !== undefined);
}
