import type { RunRecord } from './run-record.js';

/** What is drawn as one: a method, or its runs under several seeds. */
export interface Contestant {
  readonly label: string;
  /** Of `methods`, the first of which gives it its colour. */
  readonly members: readonly number[];
}

/** The methods of a race and of those it is compared with, the same method under other seeds as one. */
export function contestantsOf(record: RunRecord): readonly Contestant[] {
  const found = new Map<string, { label: string; members: number[]; seeds: number[] }>();
  record.methods.forEach((method, index) => {
    const { run, name } = record.sourceOf(index);
    const { label, contestant, seed = run?.seed ?? 0, options } = method.description;
    const plain = contestant ?? (name === undefined ? label : label.slice(`${name}: `.length));
    const key = JSON.stringify([plain, options, run?.problem, run?.batch]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { label: plain, members: [index], seeds: [seed] });
    else if (known.seeds.includes(seed))
      found.set(`${key} ${index}`, { label, members: [index], seeds: [seed] });
    else {
      known.members.push(index);
      known.seeds.push(seed);
    }
  });
  return [...found.values()].map(({ label, members }) => ({
    label: members.length > 1 ? label : record.methods[members[0]!]!.description.label,
    members,
  }));
}
