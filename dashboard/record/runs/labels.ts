/** What a person says of a run. It lies beside the log, which says the rest, and is never made anew from it. */
export interface RunLabels {
  /** As the run is called in lists; its folder's name where it is left out. */
  readonly name?: string;
  readonly tags: readonly string[];
  readonly notes: string;
  /** Left out of lists that are not asked for all. */
  readonly archived: boolean;
}

export const noLabels: RunLabels = { tags: [], notes: '', archived: false };

const longest = { name: 200, notes: 20_000, tag: 60, tags: 50 };

/** @throws TypeError naming the label */
export function checkedLabels(value: unknown): RunLabels {
  if (value === null || typeof value !== 'object') throw new TypeError('labels: expected an object');
  const { name, tags = [], notes = '', archived = false } = value as Record<string, unknown>;
  if (name !== undefined && (typeof name !== 'string' || name.length > longest.name)) {
    throw new TypeError(`labels(name): expected a text of at most ${longest.name} characters`);
  }
  if (typeof notes !== 'string' || notes.length > longest.notes) {
    throw new TypeError(`labels(notes): expected a text of at most ${longest.notes} characters`);
  }
  if (typeof archived !== 'boolean') throw new TypeError('labels(archived): expected true or false');
  const isTag = (tag: unknown) => typeof tag === 'string' && tag.trim() !== '' && tag.length <= longest.tag;
  if (!Array.isArray(tags) || tags.length > longest.tags || !tags.every(isTag)) {
    throw new TypeError(
      `labels(tags): expected at most ${longest.tags} texts, each of 1 to ${longest.tag} characters`,
    );
  }
  const own = name?.trim();
  const different = [...new Set(tags.map((tag: string) => tag.trim()))];
  return { ...(own && { name: own }), tags: different, notes, archived };
}
