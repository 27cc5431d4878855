import fc from 'fast-check';
import { spectral } from '../../arbitraries/matrices.js';
import { hessians } from '../../arbitraries/minimizations.js';
import { inner, matrixOf, plus, product, times, transposed } from '../../oracles/dense/matrices.js';
import { largest, norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { atMost, backward, type Deviation, forward } from '../tolerance.js';
import { firstStep } from './newton.js';

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
  sample: () => fc.tuple(hessians('any', 3), fc.integer({ min: -6, max: 6 })),
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
  sample: () => hessians('any', 3),
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

export const spectralStepLaws = [penrose, damping, absolute];
