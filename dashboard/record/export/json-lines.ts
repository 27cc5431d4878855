import { readLog } from '../log/index.js';

const piece = 1 << 16;

/**
 * The events of a record as JSON, one a line, as `docs/record.md` describes them, with their number in the log as
 * `seq`. Of numbers that JSON has no word for, `"NaN"`, `"Infinity"` and `"-Infinity"` stand as text.
 *
 * @throws LogError where there is no log, or at the place of a damage
 */
export function* jsonLines(directory: string): Generator<string, void> {
  let text = '';
  for (const { seq, event } of readLog(directory)) {
    text += `${JSON.stringify({ seq, ...event }, nonFiniteAsText)}\n`;
    if (text.length < piece) continue;
    yield text;
    text = '';
  }
  yield text;
}

function nonFiniteAsText(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
