import { Random } from '../../src/index.js';
import { fullDensity, sampleOf, spectrumOracle } from '../oracles/spectrum.js';
import type { SpectrumSubject } from '../subjects/spectra.js';
import type { Mutant } from './mutant.js';

function spectrumMutant(
  id: string,
  mistake: string,
  killedBy: string,
  changed: Partial<Pick<SpectrumSubject, 'trace' | 'density'>>,
): Mutant {
  const subject = { ...spectrumOracle, name: `mutant ${id}`, claims: [killedBy], ...changed };
  return { id, mistake, killedBy, subject };
}

export const spectrumMutants: readonly Mutant[] = [
  spectrumMutant(
    'trace-signed-stop',
    'The running mean of a trace is good enough where its change, with its sign, is below the tolerance: so at the first fall.',
    '38b',
    {
      trace(matrix, n, seed, products) {
        const random = new Random(seed);
        let mean = sampleOf(matrix, random.signs(n));
        for (let k = 2; k <= products; k++) {
          const before = mean;
          mean += (sampleOf(matrix, random.signs(n)) - mean) / k;
          if (mean - before < 1e-3 * Math.abs(before)) break;
        }
        return mean;
      },
    },
  ),
  spectrumMutant(
    'density-weights-of-whole-vectors',
    'A node of a spectral density weighs the square of its whole eigenvector, which is 1 for all of them, and not of its first entry.',
    '38c',
    {
      density(matrix, n, seed, { probes, steps }) {
        const { nodes, weights } = fullDensity(matrix, n, seed, probes);
        const told = new Map<number, number>();
        Array.from(nodes, (node, i) => told.set(node, (told.get(node) ?? 0) + weights[i]));
        const distinct = [...told.keys()].slice(0, Math.max(steps, 1));
        return { nodes: distinct, weights: distinct.map(() => 1 / distinct.length) };
      },
    },
  ),
];
