/** Kinds of resources that stand open all the time and bring back no frame: pipes, terminals, a file closing. */
const quiet = ['PipeWrap', 'TTYWrap', 'CloseReq'];

/**
 * Tells whether something asynchronous can still bring a frame back.
 *
 * Node lists what keeps its event loop alive, without ids. So this is known only where that list exists and
 * held nothing but quiet kinds before the pipeline was subscribed; elsewhere only time can tell.
 */
export class Pending {
  readonly #before: ReadonlyMap<string, number> | null;

  /** Made before the pipeline is subscribed. */
  constructor() {
    const before = active();
    const known = before !== null && [...before.keys()].every((kind) => quiet.includes(kind));
    this.#before = known ? before : null;
  }

  /** True where it is known that nothing is pending. Ask in a macrotask: promises settle before it. */
  nothing(): boolean {
    const before = this.#before;
    const now = before === null ? null : active();
    return (
      before !== null && now !== null && [...now].every(([kind, count]) => count <= (before.get(kind) ?? 0))
    );
  }
}

function active(): Map<string, number> | null {
  const kinds = globalThis.process?.getActiveResourcesInfo?.();
  if (kinds === undefined) return null;
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
