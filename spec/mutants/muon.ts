import {
  carried,
  decomposed,
  lengthOf,
  type MuonMistake,
  naiveMuon,
  polarBySvd,
  printedRounds,
} from '../oracles/muon.js';
import { type Mutant, optimizerMutant } from './mutant.js';

function muonMutant(
  id: string,
  mistake: string,
  killedBy: string,
  part: MuonMistake,
  { method = 'muon', seen }: { method?: string; seen?: string } = {},
): Mutant {
  return optimizerMutant({ id, mistake, killedBy, method, seen }, (options) =>
    naiveMuon(options, method === 'normuon', part),
  );
}

const normOf = (x: readonly number[]) => Math.hypot(...x);

export const muonMutants: readonly Mutant[] = [
  muonMutant(
    'muon-scale-swapped',
    'The length is that of a layer [out, in]: rows and columns change places.',
    '85',
    { length: (scale, inputs, outputs) => lengthOf(scale, outputs, inputs) },
    { seen: 'ports to row-major frameworks' },
  ),
  muonMutant('muon-scale-missing', 'The orthogonal matrix is taken at length 1.', '85', { length: () => 1 }),
  muonMutant('muon-kernel-of-outputs', 'A kernel’s length is taken of its first axis.', '85', {
    length: (scale, inputs, outputs) => lengthOf(scale, Math.ceil(inputs / 2), outputs),
  }),
  muonMutant('muon-one-round-short', 'The last of the rounds is left out.', '85', {
    polar: (x, m, n, rounds) => polarBySvd(x, m, n, rounds.slice(0, -1)),
  }),
  muonMutant('muon-standard-always', 'The coefficients asked for are ignored.', '85', {
    polar: (x, m, n) => polarBySvd(x, m, n, printedRounds.standard),
  }),
  muonMutant(
    'muon-transposed-factor',
    'U·V.T where V is already transposed.',
    '85b',
    {
      polar(x, m, n, rounds) {
        const norm = normOf(x);
        if (norm === 0 || m < n) return polarBySvd(x, m, n, rounds);
        const { u, values, v } = decomposed(x, m, n);
        return x.map((_, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          let total = 0;
          for (let l = 0; l < n; l++)
            total += u[i * n + l] * carried(rounds, values[l] / norm) * v[l * n + j];
          return total;
        });
      },
    },
    { seen: 'teaching material' },
  ),
  muonMutant(
    'muon-raw-gradient',
    'The gradient is added whole to the mean, and so weighs too much in the blend.',
    '85b',
    { blend: (_, after, g, beta) => beta * after + g },
  ),
  muonMutant('muon-plain-momentum', 'The mean is orthogonalized without Nesterov’s look-ahead.', '85b', {
    blend: (_, after) => after,
  }),
  muonMutant(
    'muon-corrected-apart',
    'The mean is corrected for bias as of step t + 1 and the gradient as of t, so that they no longer stand 1 to 1.',
    '85b',
    {
      blend: (_, after, g, beta, t) =>
        (beta * after) / (1 - beta ** (t + 1)) + ((1 - beta) * g) / (1 - beta ** t),
    },
    { seen: 'optax' },
  ),
  muonMutant('muon-old-mean', 'The blend is made with the mean from before the gradient.', '85b', {
    blend: (before, _, g, beta) => beta * before + (1 - beta) * g,
  }),
  muonMutant('muon-epsilon-in-the-norm', 'The norm gets a hidden 1e-7.', '85c', {
    polar: (x, m, n, rounds) => {
      const norm = normOf(x);
      const short = norm === 0 ? 1 : norm / (norm + 1e-7);
      return polarBySvd(x, m, n, [[short, 0, 0], ...rounds]);
    },
  }),
  muonMutant('muon-nan-from-zero', 'A gradient of 0 is divided by its norm.', '85c', {
    polar: (x, m, n, rounds) => {
      const made = polarBySvd(x, m, n, rounds);
      return normOf(x) === 0 ? made.map(() => Number.NaN) : made;
    },
  }),
  muonMutant(
    'muon-merged-as-one',
    'Merged queries, keys and values are orthogonalized as one matrix.',
    '85d',
    { merged: () => false },
    { seen: 'ports of language models' },
  ),
  muonMutant('muon-entry-by-entry', 'Every entry is carried by itself: no matrix is seen.', '54', {
    polar: (x, _m, _n, rounds) => {
      const norm = normOf(x);
      return norm === 0 ? [...x] : x.map((entry) => carried(rounds, entry / norm));
    },
  }),
  muonMutant('muon-largest-entry', 'The matrix is divided by its largest entry, not by its norm.', '54', {
    polar: (x, m, n, rounds) => {
      const size = Math.max(...x.map(Math.abs));
      return size === 0
        ? [...x]
        : polarBySvd(x, m, n, [[normOf(x) / size / Math.sqrt(m * n), 0, 0], ...rounds]);
    },
  }),
  muonMutant(
    'normuon-inputs-evened',
    'The mean squares are over the outputs of an input: rows and columns change places.',
    '85e',
    {
      neurons: (x, m, n) => {
        const rows = Array.from({ length: m }, (_, i) => {
          let total = 0;
          for (let j = 0; j < n; j++) total += x[i * n + j] ** 2;
          return total / n;
        });
        return Array.from({ length: n }, (_, j) => rows[j % m]);
      },
    },
    { method: 'normuon' },
  ),
  muonMutant(
    'normuon-norm-lost',
    'The evened matrix is not brought back to its norm.',
    '85e',
    { keepsNorm: false },
    { method: 'normuon' },
  ),
];
