import fc from 'fast-check';
import type { Minimization } from '../../../src/index.js';
import { dyadicVector } from '../../arbitraries/dyadic.js';
import { condition, spectral } from '../../arbitraries/matrices.js';
import { inner, matrixOf, plus, product, times, transposed } from '../../oracles/dense/matrices.js';
import { law } from '../law.js';
import { largest, norm } from '../point.js';
import { atMost, backward, comparable, type Deviation, forward } from '../tolerance.js';
import type { SolverChoices, SolverSubject } from './subject.js';

/** A symmetric matrix and a gradient at 0. */
const model = (signs: '+' | 'any', reach = 5) =>
  spectral({ reach, signs }).chain((matrix) =>
    dyadicVector(matrix.n).map((g) => ({ ...matrix, g: Float64Array.from(g, (gi, i) => gi || i + 1) })),
  );

export const oneStep = law({
  id: '16b',
  name: 'Newton solvers solve a quadratic in one step',
  statement: 'For H ≻ 0, undamped and unconfined, ‖Hp + g‖ ≤ 30(‖H‖‖p‖ + ‖g‖)nε.',
  tolerance: 'R',
  source: 'Nocedal and Wright 2006, equation 2.15',
  kind: 'solver',
  sample: () => model('+'),
  measure(subject, { n, matrix, eigenvalues, g }) {
    const p = firstStep(subject, matrix, g, { damping: 0, radius: 2 ** 20 });
    const norms = largest(eigenvalues) * norm(p) + norm(g);
    return [backward('Hp + g', norm(plus(times(matrix, p), g)), norms, n, subject.epsilon)];
  },
});

export const affineInvariance = law({
  id: '17',
  name: 'affine invariance of Newton’s method',
  statement: 'The iterates for f(Tz) are those for f(x) with x = Tz.',
  tolerance: 'K',
  source: 'Deuflhard 2004, section 1.1',
  kind: 'solver',
  sample: () => fc.tuple(withMap(model('any', 2)), fc.constantFrom(1, 0.5)),
  measure(subject, [[{ matrix, eigenvalues, n, g }, t], step]) {
    const changed = product(product(transposed(t.matrix, n), matrix, n), t.matrix, n);
    const there = firstStep(subject, matrix, g, { step, damping: 0 });
    const here = times(
      t.matrix,
      firstStep(subject, changed, times(transposed(t.matrix, n), g), { step, damping: 0 }),
    );
    const kappa = t.condition ** 2 * (largest(eigenvalues) / Math.min(...eigenvalues.map(Math.abs)));
    fc.pre(comparable(n, kappa, subject.epsilon));
    return [forward('T·p_z − p_x', norm(plus(here, there, -1)), norm(there), n, kappa, subject.epsilon)];
  },
});

/** Symmetric matrices of deficient rank whose other eigenvalues lie in [¼, 4]: a gap of at least 10⁶. */
const deficient = fc
  .tuple(spectral({ reach: 2, signs: 'any' }), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }))
  .map(([{ n, eigenvalues, eigenvectors }, zeros]) => {
    const chosen = eigenvalues.map((lambda, k) => (k > 0 && zeros[k] ? 0 : lambda));
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let total = 0;
        for (let k = 0; k < n; k++) total += eigenvectors[i * n + k] * chosen[k] * eigenvectors[j * n + k];
        matrix[i * n + j] = matrix[j * n + i] = total;
      }
    }
    return { n, matrix, eigenvalues: chosen, eigenvectors };
  });

export const penrose = law({
  id: '18',
  name: 'pseudoinverse step',
  statement:
    'The steps are those of H⁺: HXH = H, XHX = X, HX and XH symmetric for the X with p = −Xg, and p lies in the range of H.',
  tolerance: 'R',
  source: 'Penrose 1955',
  kind: 'solver',
  sample: () => deficient,
  measure(subject, { n, matrix: h, eigenvalues, eigenvectors }) {
    const x = matrixOf(n, (e) => firstStep(subject, h, e, {}).map((p) => -p));
    const { epsilon } = subject;
    const hx = product(h, x, n);
    const xh = product(x, h, n);
    const [sizeH, sizeX] = [norm(h), norm(x)];
    const apart = (left: Float64Array, right: Float64Array) => norm(plus(left, right, -1));
    const nowhere = eigenvectors.map((entry, at) => (eigenvalues[at % n] === 0 ? entry : 0));
    const least = Math.min(...eigenvalues.map(Math.abs).filter((lambda) => lambda > 0));
    return [
      backward('HXH − H', apart(product(hx, h, n), h), sizeH ** 2 * sizeX + sizeH, n, epsilon),
      backward('XHX − X', apart(product(xh, x, n), x), sizeX ** 2 * sizeH + sizeX, n, epsilon),
      backward('HX − (HX)ᵀ', apart(hx, transposed(hx, n)), sizeH * sizeX, n, epsilon),
      backward('XH − (XH)ᵀ', apart(xh, transposed(xh, n)), sizeH * sizeX, n, epsilon),
      // The range is known to the gap: rounding of H turns it by ε‖H‖/min|λ|.
      forward(
        'p outside the range',
        norm(product(transposed(nowhere, n), x, n)),
        sizeX,
        n,
        sizeH / least,
        epsilon,
      ),
    ];
  },
});

export const damping = law({
  id: '19',
  name: 'damped Newton',
  statement:
    '(H + λI)p = −g (R). For λ > max(0, −λ₁): ‖p‖ ≤ ‖g‖/(λ + λ₁) and ‖p(λ)‖ falls as λ rises; λ → 0 gives Newton’s step, λp → −g.',
  tolerance: 'I',
  source: 'Conn, Gould and Toint 2000, section 7.3',
  kind: 'solver',
  sample: () => fc.tuple(model('any', 3), fc.integer({ min: -6, max: 6 })),
  measure(subject, [{ n, matrix, eigenvalues, g }, exponent]) {
    const lowest = Math.min(...eigenvalues);
    const base = Math.max(0, -lowest) + 2 ** exponent;
    const { epsilon } = subject;
    let before: Float64Array | undefined;
    const found: Deviation[] = [];
    for (const lambda of [base, 2 * base, 64 * base]) {
      const p = firstStep(subject, matrix, g, { damping: lambda });
      const size = (largest(eigenvalues) + lambda) * norm(p) + norm(g);
      const residual = plus(plus(times(matrix, p), g), p, lambda);
      const kappa = (largest(eigenvalues) + lambda) / (lowest + lambda);
      const bound = norm(g) / (lowest + lambda);
      found.push(
        backward('(H + λI)p + g', norm(residual), size, n, epsilon),
        atMost('‖p‖', norm(p), bound, n, epsilon, kappa * (norm(p) + bound)),
      );
      if (before !== undefined) {
        const terms = kappa * (norm(p) + norm(before));
        found.push(atMost('‖p‖ for a higher λ', norm(p), norm(before), n, epsilon, terms));
      }
      before = p;
    }
    const strong = largest(eigenvalues) * 2 ** 30;
    const short = firstStep(subject, matrix, g, { damping: strong });
    // λp + g = −Hp.
    const left = norm(plus(g, short, strong));
    const right = largest(eigenvalues) * norm(short);
    found.push(atMost('‖λp + g‖', left, right, n, epsilon, 2 * norm(g) + right));
    if (lowest > 0) {
      const weak = 2 ** -30 * lowest;
      const newton = firstStep(subject, matrix, g, { damping: 0 });
      const nearly = firstStep(subject, matrix, g, { damping: weak });
      const kappa = largest(eigenvalues) / lowest;
      const apart = norm(plus(newton, nearly, -1));
      const allowed = (weak / lowest) * norm(newton);
      found.push(atMost('‖p(λ) − p(0)‖', apart, allowed, n, epsilon, kappa * norm(newton)));
    }
    return found;
  },
});

export const absolute = law({
  id: '20',
  name: 'saddle-free Newton',
  statement:
    'gᵀp < 0 for any regular H; mode i moves by −(vᵢᵀg)/|λᵢ|; the step is Newton’s where H ≻ 0 (‖Hp + g‖ small).',
  tolerance: 'R',
  source: 'Dauphin et al. 2014',
  kind: 'solver',
  sample: () => model('any', 3),
  measure(subject, { n, matrix, eigenvalues, eigenvectors, g }) {
    const p = firstStep(subject, matrix, g, {});
    const { epsilon } = subject;
    const turned = times(transposed(eigenvectors, n), p);
    const slopes = times(transposed(eigenvectors, n), g);
    const size = largest(eigenvalues) * norm(p) + norm(g);
    const found = eigenvalues.map((lambda, i) =>
      backward(
        `|λ|·(mode ${i} of p) + (mode of g)`,
        Math.abs(Math.abs(lambda) * turned[i] + slopes[i]),
        size,
        n,
        epsilon,
      ),
    );
    const most = -inner(slopes, slopes) / largest(eigenvalues);
    found.push(atMost('gᵀp', inner(g, p), most, n, epsilon, norm(g) * norm(p) - most));
    if (eigenvalues.every((lambda) => lambda > 0)) {
      found.push(backward('Hp + g', norm(plus(times(matrix, p), g)), size, n, epsilon));
    }
    return found;
  },
});

export const diagonal = law({
  id: '37',
  name: 'diagonal Newton',
  statement: 'Hᵢᵢpᵢ = −gᵢ for any H with Hᵢᵢ ≠ 0; so the step is Newton’s where H is diagonal.',
  tolerance: 'R',
  source: 'Becker and LeCun 1988',
  kind: 'solver',
  sample: () => model('+', 3),
  measure(subject, { n, matrix, g }) {
    const p = firstStep(subject, matrix, g, {});
    const found = Array.from(g, (gi, i) =>
      backward(
        `Hᵢᵢpᵢ + gᵢ, i = ${i}`,
        Math.abs(matrix[i * n + i] * p[i] + gi),
        Math.abs(gi),
        1,
        subject.epsilon,
      ),
    );
    const alone = matrix.map((entry, at) => (at % (n + 1) === 0 ? entry : 0));
    return [...found, newtonResidual(subject, alone, g)];
  },
});

/** 37, NEG: the diagonal is not the Hessian. */
export const diagonalIsAll = law({
  id: '37',
  name: 'diagonal Newton is Newton for any Hessian',
  statement: 'Hp = −g for any H: seen to be false.',
  tolerance: 'R',
  source: 'off-diagonal entries are left out',
  kind: 'solver',
  sample: () => model('+', 3),
  measure: (subject, { matrix, g }) => [newtonResidual(subject, matrix, g)],
});

export const newtonLaws = [oneStep, affineInvariance, penrose, damping, absolute, diagonal];

function newtonResidual(subject: SolverSubject, matrix: Float64Array, g: Float64Array): Deviation {
  const p = firstStep(subject, matrix, g, {});
  const norms = norm(matrix) * norm(p) + norm(g);
  return backward('Hp + g', norm(plus(times(matrix, p), g)), norms, g.length, subject.epsilon);
}

/** The step from 0 on gᵀx + ½xᵀHx; NaN where the method makes none. */
export function firstStep(
  subject: SolverSubject,
  matrix: Float64Array,
  g: Float64Array,
  choices: SolverChoices,
): Float64Array {
  const { points } = subject.trace(quadraticOf(matrix, g), new Float64Array(g.length), 1, choices);
  return points[1] ?? g.map(() => Number.NaN);
}

/** gᵀx + ½xᵀHx. */
export function quadraticOf(matrix: Float64Array, g: Float64Array): Minimization {
  return {
    value: (x) => inner(g, x) + inner(x, times(matrix, x)) / 2,
    gradient: (x) => plus(times(matrix, x), g),
    hessian: () => matrix,
  };
}

/** T = QΛ, which is not symmetric, with its inverse in closed form. */
export interface LinearMap {
  readonly matrix: Float64Array;
  readonly inverse: Float64Array;
  /** The singular values of T. */
  readonly scales: readonly number[];
  readonly condition: number;
}

/** A sample with a change of coordinates of its dimension, κ(T) ≤ 16. */
export function withMap<V extends { readonly n: number }>(
  arbitrary: fc.Arbitrary<V>,
): fc.Arbitrary<[V, LinearMap]> {
  return arbitrary.chain((sample) =>
    spectral({ sizes: { min: sample.n, max: sample.n }, reach: 2 }).map((drawn): [V, LinearMap] => {
      const { n, eigenvectors: q, eigenvalues: scales } = drawn;
      return [
        sample,
        {
          matrix: q.map((entry, at) => entry * scales[at % n]),
          inverse: transposed(q, n).map((entry, at) => entry / scales[Math.floor(at / n)]),
          scales,
          condition: condition(drawn),
        },
      ];
    }),
  );
}
