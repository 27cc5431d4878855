/** An odd quintic p(s) = as + bs³ + cs⁵, applied to singular values. */
export type Quintic = readonly [a: number, b: number, c: number];

/** A list of quintics, one a round, that carries singular values in (0, 1] towards 1. */
export type Coefficients = 'standard' | 'dion' | 'polarExpress';

const safety = 1.01;
/** p(s/1.01): lets rounding push a singular value a little past 1 and not out of the basin. */
const cautious = ([a, b, c]: Quintic): Quintic => [a / safety, b / safety ** 3, c / safety ** 5];

/**
 * The rounds of each set, with the image of the singular values in [0.01, 1]:
 *
 * - `standard` [0.68, 1.14]: one quintic five times, steep at 0 (Jordan et al. 2024);
 * - `dion` [0.97, 1.04]: a quintic a round, as in Dion (Ahn et al. 2025);
 * - `polarExpress` 1 ± 10⁻³: the best quintic a round for what the rounds before left (Amsel et al. 2025, list of
 *   section 3.4), in eight rounds.
 */
export const orthogonalizingPolynomials: Readonly<Record<Coefficients, readonly Quintic[]>> = {
  standard: Array.from({ length: 5 }, () => [3.4445, -4.775, 2.0315] as const),
  dion: [
    [4.0848, -6.8946, 2.927],
    [3.9505, -6.3029, 2.6377],
    [3.7418, -5.5913, 2.3037],
    [2.8769, -3.1427, 1.2046],
    [2.8366, -3.0525, 1.2012],
  ],
  polarExpress: [
    cautious([8.28721201814563, -23.595886519098837, 17.300387312530933]),
    cautious([4.107059111542203, -2.9478499167379106, 0.5448431082926601]),
    cautious([3.9486908534822946, -2.908902115962949, 0.5518191394370137]),
    cautious([3.3184196573706015, -2.488488024314874, 0.51004894012372]),
    cautious([2.300652019954817, -1.6689039845747493, 0.4188073119525673]),
    cautious([1.891301407787398, -1.2679958271945868, 0.37680408948524835]),
    cautious([1.8750014808534479, -1.2500016453999487, 0.3750001645474248]),
    [1.875, -1.25, 0.375],
  ],
};
