/** Milliseconds that a pulse takes along an edge, from one edge to the next, and between two pulses at least. */
const along = 420;
const apart = 300;
const between = 700;
const length = 0.22;

/** As Web Animations has it: the part of the edge that is bright moves from its tail to its tip. */
const frames = [
  { strokeDashoffset: length, opacity: 1 },
  { strokeDashoffset: -1, opacity: 1 },
];

/** The bright part, and nothing more on the edge. */
export const dashes = `${length} ${1 + length}`;

/**
 * Lets frames be seen: each pulse is a frame on its way through the pipeline. Where frames come faster than can be
 * seen, one is shown now and then.
 */
export class GraphPulses {
  #last = Number.NEGATIVE_INFINITY;

  /** @param still whether motion is unwanted */
  constructor(readonly still: () => boolean) {}

  /** A frame went along these edges, in their order; shown unless another one is still near. */
  frame(edges: readonly (SVGPathElement | null | undefined)[], now = performance.now()): void {
    if (this.still() || now - this.#last < between) return;
    this.#last = now;
    edges.forEach((edge, i) => void edge?.animate(frames, { duration: along, delay: apart * i }));
  }

  /** Something was done with the parameters. */
  aside(edge: SVGPathElement | null | undefined): void {
    if (!this.still()) edge?.animate(frames, { duration: along });
  }
}
