/** Numbers in [0, 1) from a seed: Marsaglia's xorshift32 (2003), good enough to fill matrices. */
export function create(seed: number): () => number {
  let state = (seed * 2654435761) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
