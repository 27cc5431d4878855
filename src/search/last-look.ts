import { dot, largest } from '../linalg/vector.js';
import type { Iterate } from '../objective/iterate.js';
import type { Line } from './line.js';

/** A step counts as a descent if f falls by this fraction of what the slope promises, … */
const sufficient = 0.1;
/** … and by more than so many units in the last place of f, which rounding may make of it. */
const roundingUnits = 16;
const shrink = 1 / 4;
/** A failed step is cut to the minimum of the parabola that it shows, between these fractions of it. */
const shortest = 2 ** -20;
/** The largest change of f between x and its neighbours, a few units in the last place away, counts this often. */
const neighbours = 4;

/**
 * Looks once more before a run ends because no step seemed to change f: along −g, and along other directions that no
 * damping or region has shortened, from steps as long as x down to where the slope promises less than rounding.
 *
 * True where a step lowers f by more than its rounding error; the line then stands at it, its gradient known.
 */
export function descendsStill(line: Line, at: Iterate, undamped: readonly Float64Array[] = []): boolean {
  const noise = roundingOf(line, at);
  const gradient = line.box?.free(at.x, at.gradient) ?? at.gradient;
  for (const p of [...undamped, gradient.map((g) => -g)]) {
    const slope = dot(at.gradient, p);
    if (!(slope < 0)) continue;
    line.begin(at, p);
    const longest = (largest(at.x) || 1) / largest(p);
    for (let alpha = longest; -alpha * slope > noise && alpha > 0; ) {
      const finite = line.probe(alpha);
      const fall = at.value - line.value;
      if (finite && fall > noise && fall >= -sufficient * alpha * slope && line.completeGradient()) {
        line.tell();
        return true;
      }
      // φ(α) = f + αφ′(0) + cα² has its minimum at −φ′(0)/2c.
      const minimum = finite ? (-slope * alpha) / (2 * (-fall - slope * alpha)) : shrink;
      alpha *= Math.min(shrink, Math.max(shortest, minimum));
    }
  }
  return false;
}

/** What rounding may make of f at an iterate: a few units in the last place of f, or what it shows in those of x. */
function roundingOf(line: Line, at: Iterate): number {
  let most = roundingUnits * Number.EPSILON * Math.abs(at.value);
  line.begin(at, at.x);
  for (const units of [-2, 1, 3]) {
    if (line.probe(units * Number.EPSILON)) {
      most = Math.max(most, neighbours * Math.abs(line.value - at.value));
    }
  }
  return most;
}
