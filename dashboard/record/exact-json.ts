/**
 * JSON that keeps the numbers JSON has no word for: NaN, ±∞ and −0 are written `{"$number":"NaN"}`.
 * A record's own key `$number` is written `$$number`, and so on.
 *
 * @example parseExact(stringifyExact({ loss: Number.NaN })) // { loss: NaN }
 */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(written(value));
}

/**
 * The inverse of {@link stringifyExact}.
 *
 * @throws SyntaxError where the text is not JSON
 */
export function parseExact(text: string): unknown {
  return read(JSON.parse(text));
}

const ownKey = /^\$+number$/;

function written(value: unknown): unknown {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $number: '-0' };
    return Number.isFinite(value) ? value : { $number: String(value) };
  }
  if (Array.isArray(value)) return value.map(written);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [ownKey.test(key) ? `$${key}` : key, written(part)]),
  );
}

function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0][0] === '$number') return Number(entries[0][1]);
  return Object.fromEntries(
    entries.map(([key, part]) => [ownKey.test(key) ? key.slice(1) : key, read(part)]),
  );
}
