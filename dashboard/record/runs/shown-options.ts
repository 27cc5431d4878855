export type ShownOptions = Readonly<Record<string, string | number | boolean | null>>;

/** Options in one level, each by its path. */
export function shownOptions(options: object, path = ''): ShownOptions {
  const shown: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      Object.assign(shown, shownOptions(value, `${path}${name}.`));
    } else if (typeof value === 'boolean' || value === null) shown[path + name] = value;
    else if (typeof value === 'number' && Number.isFinite(value)) shown[path + name] = value;
    else if (value !== undefined) shown[path + name] = String(value);
  }
  return shown;
}
