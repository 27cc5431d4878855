/** A record of texts, lists and whole numbers is nested no deeper: entries, an entry, its shape. */
const deepest = 3;

/**
 * Parses the header of a safetensors file: JSON of which the format wants more than JSON does.
 *
 * `JSON.parse` takes the last of two equal keys, 16.0 and 1e1 for whole numbers, and any depth; here all of these
 * are refused, as other readers do, so that no two programs read different arrays in one file.
 *
 * @throws SyntaxError saying what was expected
 */
export function parseHeader(text: string): Readonly<Record<string, unknown>> {
  if (text[0] !== '{') throw new SyntaxError("a header that begins with '{'");
  /** The keys of the records around this place; null for a list. */
  const around: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (one === '{' || one === '[') {
      if (around.length === deepest) throw new SyntaxError(`a header that is nested ${deepest} deep at most`);
      around.push(one === '{' ? new Set() : null);
    } else if (one === '}' || one === ']') around.pop();
    else if (one === '"') {
      const begin = at;
      at = endOfText(text, at);
      const keys = around.at(-1);
      if (keys && isKey(text, at)) addKey(keys, text.slice(begin, at + 1));
    } else if (!allowed.has(one)) {
      throw new SyntaxError(
        `a header of texts, lists, records and whole numbers, got ${JSON.stringify(one)}`,
      );
    }
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('a header in JSON');
  }
}

const allowed = new Set(':,0123456789 \t\n\r');

/** The place of the quotation mark that ends the text begun at `begin`. */
function endOfText(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  throw new SyntaxError('a header in JSON');
}

function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (at < text.length && ' \t\n\r'.includes(text[at])) at++;
  return text[at] === ':';
}

function addKey(keys: Set<string>, quoted: string): void {
  let key: string;
  try {
    key = JSON.parse(quoted); // "a" and "\u0061" are one key
  } catch {
    throw new SyntaxError('a header in JSON');
  }
  if (keys.has(key)) throw new SyntaxError(`every name once, got ${shown(key)} twice`);
  keys.add(key);
}

/** A name in a message: a stranger's may be long, or move the terminal's cursor. */
export function shown(name: string): string {
  const short = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return `'${JSON.stringify(short).slice(1, -1)}'`;
}
