import type { Cell, RecordTable } from './record-table.js';

/** Text is handed out in pieces of about this many characters. */
const piece = 1 << 16;

/**
 * The table as comma-separated values (RFC 4180): a line of names, then a line an event. A number is written with all
 * its digits, or as `NaN`, `Infinity`, `-Infinity`; a list as its numbers with spaces between them; what is not known
 * as nothing.
 */
export function* csv({ columns, rows }: RecordTable): Generator<string, void> {
  let text = `${columns.map(({ name }) => quoted(name)).join(',')}\r\n`;
  for (const row of rows()) {
    text += `${columns.map(({ name }) => written(row[name])).join(',')}\r\n`;
    if (text.length < piece) continue;
    yield text;
    text = '';
  }
  yield text;
}

function written(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  return quoted(typeof cell === 'string' ? cell : cell.join(' '));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
