import type { StepPicture } from '../../../spec/index.js';
import { Braille } from '../terminal/braille.js';

const [columns, rows] = [44, 11];
const levels = 7;

/** A counterexample of two variables: contours, the expected steps dotted to e, and those that were got drawn to g. */
export function pictureLines({ window, values, across, start, expected, got }: StepPicture): string[] {
  const [left, right, bottom, top] = window;
  const canvas = new Braille(columns, rows);
  const [width, height] = [2 * columns - 1, 4 * rows - 1];
  const at = ([x, y]: readonly number[]) => [
    ((x - left) / (right - left)) * width,
    ((top - y) / (top - bottom)) * height,
  ];
  const down = values.length / across;
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b);
  /** How many contours lie below the value of the grid there. */
  const band = (i: number, j: number) => {
    const value = values[Math.min(down - 1, Math.max(0, j)) * across + Math.min(across - 1, Math.max(0, i))];
    return Math.ceil((sorted.findIndex((one) => one >= value) / sorted.length) * levels);
  };
  for (let j = 0; j < 4 * rows; j++) {
    for (let i = 0; i < 2 * columns; i++) {
      const [u, v] = [Math.round((i / width) * (across - 1)), Math.round((j / height) * (down - 1))];
      if ((i + j) % 2 === 0 && (band(u, v) !== band(u + 1, v) || band(u, v) !== band(u, v + 1)))
        canvas.dot(i, j);
    }
  }
  const drawn = (path: readonly (readonly number[])[], stride: number, letter: string) => {
    [start, ...path].slice(1).forEach((point, k) => {
      canvas.line(at(k === 0 ? start : path[k - 1]), at(point), stride);
    });
    const [x, y] = at(path[path.length - 1] ?? start);
    canvas.letter(x, y, letter);
  };
  drawn(expected, 3, 'e');
  drawn(got, 1, 'g');
  const [x, y] = at(start);
  canvas.letter(x, y, 'o');
  return [...canvas.lines(), 'from o: expected to e, got to g'];
}
