/**
 * A line of cells in so few columns: whole cells as far as they fit, then `…`. A number is never cut into another one.
 *
 * @example fitted('adam  step 123/500  loss 0.0914', 20) // 'adam  step 123/500…'
 */
export function fitted(line: string, columns: number): string {
  if (line.length <= columns) return line;
  const room = Math.max(0, columns - 1);
  const end = line.lastIndexOf('  ', room); // cells stand two spaces apart
  const cells = line.slice(0, Math.max(0, end)).trimEnd();
  return `${cells || line.slice(0, room).replace(/[\d.,+e-]+$/, '')}…`;
}

/** Text whose lines are broken at spaces to fit, what goes on indented by four more than a line that is; words stay whole. */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => broken(line, Math.max(columns, 20)))
    .join('\n');
}

function broken(line: string, columns: number): string {
  if (line.length <= columns) return line;
  const indent = /^ */.exec(line)![0].length;
  const end = line.lastIndexOf(' ', columns);
  const at = end > indent ? end : line.indexOf(' ', columns);
  if (at < 0) return line;
  const rest = `${' '.repeat(indent === 0 ? 0 : Math.min(indent + 4, Math.max(indent, 12)))}${line.slice(at).trimStart()}`;
  return rest.trim() === ''
    ? line.slice(0, at).trimEnd()
    : `${line.slice(0, at).trimEnd()}\n${broken(rest, columns)}`;
}
