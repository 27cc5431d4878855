import type { Drawn } from './graph-layout.js';

/** The edges in the order in which a frame goes along them, those left out along which none went. */
export function alongWhich(
  edges: readonly Drawn[],
  passed: (id: string) => number | undefined,
): readonly Drawn[] {
  return edges.filter(({ from, to, kind }, i) => {
    if (kind === 'aside') return false;
    const roundIt = edges.find((edge) => edge.kind === 'round' && edge.from === from);
    if (roundIt === undefined) return true;
    const inner = edges.find((edge) => edge.kind === 'frames' && edge.from === from)?.to ?? to;
    const [all, within] = [passed(from), passed(inner)];
    if (all === undefined || within === undefined) return true;
    return edges[i]!.kind === 'round' ? within < all : within > 0;
  });
}
