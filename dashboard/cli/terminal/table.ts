/**
 * A table of text in columns as wide as their widest cell: the first aligned left, the others right.
 *
 * @example table([['method', 'loss'], ['adam', '0.12']])
 */
export function table(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        left.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}
