import type { MeasureDescription, Readings } from '../../../src/index.js';
import type { ListMeasured } from '../events.js';

/** What a step measured of its own, as the events that it is recorded in. */
interface Recorded {
  readonly numbers: { readonly measures?: Readonly<Record<string, number>> };
  readonly lists: readonly Pick<ListMeasured, 'name' | 'values'>[];
}

/**
 * Sorts what was read of a step by the run's descriptions; what they do not name is left out, as a record that
 * an older version began goes on as it began.
 */
export function stepMeasures(readings: Readings, described: readonly MeasureDescription[] = []): Recorded {
  const numbers: Record<string, number> = {};
  const lists: Pick<ListMeasured, 'name' | 'values'>[] = [];
  for (const { name, kind } of described) {
    const reading = readings[name];
    if (reading === undefined) continue;
    if (typeof reading === 'number') {
      if (kind === 'number') numbers[name] = reading;
      else lists.push({ name, values: [reading] });
    } else if (kind === 'list') lists.push({ name, values: reading });
    else throw new TypeError(`measures(${name}): expected a number, as described, got a list`);
  }
  return { numbers: Object.keys(numbers).length > 0 ? { measures: numbers } : {}, lists };
}
