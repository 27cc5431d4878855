import type { Algebra } from '../algebra/algebra.js';
import { replaced } from '../algebra/part.js';
import { entries, type Tree } from '../algebra/tree.js';
import { positiveDefiniteInverse } from '../linalg/inverse.js';
import { multiply } from '../linalg/product.js';
import { dampedFactors } from './kronecker-damping.js';
import { congruence, invertDifference } from './kronecker-difference.js';
import type { KroneckerFactors } from './kronecker-factors.js';
import {
  applyKronecker,
  inverseFromHost,
  invertKronecker,
  type KroneckerInverse,
} from './kronecker-inverse.js';
import { joinedBlock, type LayerBlock, leavesByPath, partBlock } from './layer-block.js';
import type { LinearOperator, Solution } from './linear-operator.js';

/** A layer's factors, and its cross factors E[āᵀā⁺] [in, in⁺] and E[ēᵀē⁺] [out, out⁺] with the layer after it. */
export interface ChainedBlock<T> extends LayerBlock, KroneckerFactors<T> {
  /** Left out at the end of a chain. */
  readonly next?: KroneckerFactors<T>;
}

/** What a solve needs of one layer. */
export interface ChainLink<T> {
  /** (A ⊗ G − Ψ(A⁺ ⊗ G⁺)Ψᵀ)⁻¹, or (A ⊗ G)⁻¹ at a chain's end. */
  readonly inverse: KroneckerInverse<T>;
  /** Ψ = Ψ_A ⊗ Ψ_G, by which the layer after this foretells its gradient: [in, in⁺] and [out, out⁺]. */
  readonly psi?: KroneckerFactors<T>;
}

/** A link on the host, with the damped factors, or why there is none. */
interface HostLink extends ChainLink<Float64Array> {
  readonly n: number;
  readonly m: number;
  readonly a: Float64Array;
  readonly g: Float64Array;
}

type Failure = { readonly kind: 'singular' | 'nonFinite'; readonly message: string };

/** ΞᵀΛΞV for the layers of chains, one behind the other: F̂⁻¹V. */
export function solveChain<T>(
  algebra: Algebra<T>,
  links: readonly ChainLink<T>[],
  layers: readonly T[],
): T[] {
  const own = layers.map((v, i) => {
    const { psi, inverse } = links[i];
    const left = psi ? algebra.sub(v, foretold(algebra, psi, layers[i + 1], false)) : v;
    return applyKronecker(algebra, inverse, left);
  });
  return own.map((z, i) => {
    const before = links[i - 1]?.psi;
    return before ? algebra.sub(z, foretold(algebra, before, own[i - 1], true)) : z;
  });
}

/** ΨV⁺, or ΨᵀV. */
function foretold<T>(algebra: Algebra<T>, { a, g }: KroneckerFactors<T>, v: T, transposed: boolean): T {
  return algebra.matmul(algebra.matmul(a, v, transposed), g, false, !transposed);
}

/** Host arrays in another arithmetic. */
export function linkFromHost<T>(
  algebra: Algebra<T>,
  { inverse, psi }: ChainLink<Float64Array>,
): ChainLink<T> {
  const n = Math.sqrt(inverse.left.length);
  const m = Math.sqrt(inverse.right.length);
  return {
    inverse: inverseFromHost(algebra, inverse),
    ...(psi && {
      psi: {
        a: algebra.array(psi.a, [n, psi.a.length / n]),
        g: algebra.array(psi.g, [m, psi.g.length / m]),
      },
    }),
  };
}

/**
 * The curvature whose inverse is block-tridiagonal, F̂⁻¹ = ΞᵀΛΞ: gradients of layers as a chain in which each, given
 * the next one, knows nothing of those beyond.
 *
 * Ξ is unit upper bidiagonal with the blocks −Ψᵢ, Λ block-diagonal with (Aᵢ ⊗ Gᵢ − Ψᵢ(Aᵢ₊₁ ⊗ Gᵢ₊₁)Ψᵢᵀ)⁻¹, and
 * Ψᵢ = Aᵢ,ᵢ₊₁Aᵢ₊₁⁻¹ ⊗ Gᵢ,ᵢ₊₁Gᵢ₊₁⁻¹. Its diagonal blocks and those beside them are the Kronecker products of the
 * factors. The factors of the diagonal are damped by π; parameters of no layer have λ times the identity.
 * Source: Martens and Grosse 2015, section 4.3.
 *
 * @param blocks the layers, in the order in which they feed one another
 * @param like a tree of all parameters' shapes
 * @example kroneckerChain(float64, [{ kernel: 'w1', a, g, next }, { kernel: 'w2', a: a2, g: g2 }], x, 1e-3).solve(gradient)
 */
export function kroneckerChain<T>(
  algebra: Algebra<T>,
  blocks: readonly ChainedBlock<T>[],
  like: Tree<T>,
  damping = 0,
): LinearOperator<T> {
  let held: readonly HostLink[] | Failure | undefined;
  const links = () => (held ??= linkChain(algebra, blocks, damping));
  const mapped = (v: Tree<T>, chain: (layers: T[]) => T[], other: (leaf: T) => T): Tree<T> => {
    const leaves = leavesByPath(algebra, v);
    const found: { [path: string]: T } = {};
    for (const [path, leaf] of leaves) found[path] = other(leaf);
    const joined = blocks.map((block) => joinedBlock(algebra, leaves, block, algebra.shape(block.g)[0]));
    for (const [at, layer] of chain(joined).entries()) partBlock(algebra, layer, blocks[at], leaves, found);
    return replaced(algebra, v, found);
  };
  return {
    name: 'kroneckerChain',
    algebra,
    symmetric: true,
    positiveSemidefinite: true,
    apply(v) {
      const ready = links();
      if ('kind' in ready) throw new Error(`kroneckerChain: ${ready.message}`);
      // F̂ = Ξ⁻¹Λ⁻¹Ξ⁻ᵀ: down the chain, each block by itself, and up again.
      return algebra.scope(() => {
        const all = ready.map((link) => ({
          ...linkFromHost(algebra, link),
          a: algebra.array(link.a, [link.n, link.n]),
          g: algebra.array(link.g, [link.m, link.m]),
        }));
        const block = ({ a, g }: KroneckerFactors<T>, x: T) => algebra.matmul(algebra.matmul(a, x), g);
        const through = (layers: T[]) => {
          const down: T[] = [];
          layers.forEach((x, i) => {
            const before = all[i - 1]?.psi;
            down.push(before ? algebra.add(x, foretold(algebra, before, down[i - 1], true)) : x);
          });
          const own = down.map((x, i) => {
            const { psi } = all[i];
            if (psi === undefined) return block(all[i], x);
            const beyond = block(all[i + 1], foretold(algebra, psi, x, true));
            return algebra.sub(block(all[i], x), foretold(algebra, psi, beyond, false));
          });
          for (let i = own.length - 2; i >= 0; i--) {
            const { psi } = all[i];
            if (psi) own[i] = algebra.add(own[i], foretold(algebra, psi, own[i + 1], false));
          }
          return own;
        };
        return mapped(v, through, (leaf) => algebra.mul(leaf, damping));
      });
    },
    solve(b): Solution<T> {
      const ready = links();
      if ('kind' in ready) return ready;
      const chained = new Set(blocks.flatMap(({ kernel, bias }) => [kernel, bias]));
      if (damping === 0 && entries(algebra, like).some(([path]) => !chained.has(path))) {
        return { kind: 'singular', message: 'some parameters are of no layer: damp the operator' };
      }
      const x = algebra.scope(() => {
        const all = ready.map((link) => linkFromHost(algebra, link));
        return mapped(
          b,
          (layers) => solveChain(algebra, all, layers),
          (leaf) => algebra.div(leaf, damping),
        );
      });
      return { kind: 'solved', x };
    },
  };
}

/** All that a solve needs, or why there is none. */
export function linkChain<T>(
  algebra: Algebra<T>,
  blocks: readonly ChainedBlock<T>[],
  damping: number,
): readonly HostLink[] | Failure {
  const sides = blocks.map(({ a, g }) => {
    const [n, m] = [algebra.shape(a)[0], algebra.shape(g)[0]];
    const [left, right] = [algebra.values(a), algebra.values(g)];
    return { n, m, ...(damping === 0 ? { a: left, g: right } : dampedFactors(left, n, right, m, damping)) };
  });
  const links: HostLink[] = [];
  for (const [i, { kernel, next }] of blocks.entries()) {
    const { n, m, a, g } = sides[i];
    const trouble = ({ kind, message }: { kind: 'singular' | 'nonFinite'; message: string }) =>
      ({ kind, message: `${kernel}: ${message}` }) as const;
    if (next === undefined) {
      const found = invertKronecker(a, n, g, m, 0);
      if (found.kind !== 'inverted') return trouble(found);
      links.push({ n, m, a, g, inverse: found.inverse });
      continue;
    }
    const after = sides[i + 1];
    const psi = {
      a: regression(algebra.values(next.a), n, after.a, after.n),
      g: regression(algebra.values(next.g), m, after.g, after.m),
    };
    if (psi.a === undefined || psi.g === undefined) {
      return {
        kind: 'singular',
        message: `${blocks[i + 1].kernel}: a factor is singular or not finite: raise the damping`,
      };
    }
    const known = { a: psi.a, g: psi.g };
    const found = invertDifference(
      [a, congruence(known.a, after.a, n, after.n)],
      n,
      [g, congruence(known.g, after.g, m, after.m)],
      m,
    );
    if (found.kind !== 'inverted') return trouble(found);
    const { left, right, eigenvalues } = found;
    links.push({ n, m, a, g, psi: known, inverse: { left, right, eigenvalues } });
  }
  return links;
}

/** Ψ = CS⁻¹ for a cross factor C [n, m] and the damped factor S [m, m] of the next layer. */
function regression(cross: Float64Array, n: number, next: Float64Array, m: number): Float64Array | undefined {
  const found = positiveDefiniteInverse(next, m);
  return found.kind === 'inverted' ? multiply(cross, found.inverse, n, m, m) : undefined;
}
