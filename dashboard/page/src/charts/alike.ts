import type { Trace } from '../data/trace.js';

/** The line of a method. */
interface Line {
  readonly method: number;
  readonly line: Trace;
  /** Whether it is a second quantity of its method. */
  readonly beside: boolean;
}

interface Lines {
  readonly drawings: readonly Line[];
  /** What the y axis shows. */
  readonly y: readonly [number, number] | undefined;
  readonly log: boolean;
}

/** Lines that nowhere lie farther apart than this part of the height cannot be told apart. */
const apart = 1 / 400;

/** Groups of methods whose lines hide each other, as positions in `methods`, each group in order. */
export function alike({ drawings, y, log }: Lines): number[][] {
  if (y === undefined) return [];
  const level = (value: number) => (log ? Math.log(value) : value);
  const tolerance = apart * (level(y[1]) - level(y[0]) || 1);
  const groups: Line[][] = [];
  for (const drawing of drawings) {
    if (drawing.beside || drawing.line.x.length < 2) continue;
    const group = groups.find(([first]) => same(first!, drawing, level, tolerance));
    if (group === undefined) groups.push([drawing]);
    else group.push(drawing);
  }
  return groups.filter(({ length }) => length > 1).map((group) => group.map(({ method }) => method));
}

function same(one: Line, other: Line, level: (value: number) => number, tolerance: number): boolean {
  const [a, b] = [one.line, other.line];
  if (a.x.length !== b.x.length) return false;
  for (let i = a.x.length - 1; i >= 0; i--) {
    if (a.x[i] !== b.x[i] || Number.isNaN(a.y[i]!) !== Number.isNaN(b.y[i]!)) return false;
    if (Math.abs(level(a.y[i]!) - level(b.y[i]!)) > tolerance) return false;
  }
  return true;
}
