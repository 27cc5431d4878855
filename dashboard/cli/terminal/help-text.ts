import { wrapped } from './fitted.js';

/** A term with what it means; the term may be indented. */
export type Definition = readonly [term: string, meaning: string];

/** Meanings narrower than this are set below their terms instead of beside them. */
const narrowest = 30;

/** How wide help is: as the terminal, at most what is read with ease; where it goes elsewhere, as wide as most terminals. */
export function helpWidth(columns = process.stdout.columns ?? 80): number {
  return Math.min(columns, 100);
}

/**
 * Terms with their meanings beside them, broken to fit: as commands list their flags. A term longer than half a line has
 * its meaning below it; a command that is too long goes on behind a backslash, as a shell reads it.
 *
 * @example definitions([['  fluxion learn', 'lessons in the browser']], 80)
 */
export function definitions(entries: readonly Definition[], columns: number): string {
  const most = Math.floor(columns / 2);
  const lengths = entries.filter(([, meaning]) => meaning !== '').map(([term]) => term.length);
  const aside = Math.max(0, ...lengths.filter((length) => length + 2 <= most)) + 2;
  const shown = entries.map(([term, meaning]) => {
    const indent = /^ */.exec(term)![0].length;
    const [first, ...rest] = termLines(term, columns);
    if (meaning === '') return [first, ...rest];
    const beside = aside > 2 && columns - aside >= narrowest;
    const at = beside ? aside : indent + 4;
    const lines = wrapped(meaning, columns - at)
      .split('\n')
      .map((line) => ' '.repeat(at) + line.trim());
    if (!beside || rest.length > 0 || term.length + 2 > aside) return [first, ...rest, ...lines];
    return [term.padEnd(aside) + lines[0].trim(), ...lines.slice(1)];
  });
  return shown.flat().join('\n');
}

/** A term in lines: a command behind backslashes at spaces outside quotes, all else behind commas. */
function termLines(term: string, columns: number): string[] {
  if (term.length <= columns) return [term];
  const indent = /^ */.exec(term)![0];
  const isCommand = /^ *[a-z]+ /.test(term);
  const pieces = isCommand ? term.trim().match(/(?:'[^']*'|[^\s'])+/g)! : term.trim().split(/(?<=,)/);
  const lines = [indent + pieces[0]];
  for (const piece of pieces.slice(1)) {
    const longer = `${lines.at(-1)}${isCommand ? ' ' : ''}${piece}`;
    if (longer.length + (isCommand ? 2 : 0) <= columns) lines[lines.length - 1] = longer;
    else lines.push(`${indent}    ${piece.trim()}`);
  }
  return lines.map((line, at) => (isCommand && at + 1 < lines.length ? `${line} \\` : line));
}
