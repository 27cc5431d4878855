import type { Algebra } from '../algebra/algebra.js';
import type { State } from '../algebra/tree.js';
import { invertFactors } from '../curvature/factor-inverse.js';
import { linkChain, linkFromHost } from '../curvature/kronecker-chain.js';
import { inverseFromHost, type KroneckerInverse, kroneckerBasis } from '../curvature/kronecker-inverse.js';
import type { Outcome } from '../objective/outcome.js';
import type { Block, CurvatureState, KroneckerForm } from './kronecker-state.js';
import type { Ready } from './preconditioner.js';

/** The state with every block inverted anew, or the outcome that names the layer whose factors have no inverse. */
export function withInverses<T>(
  algebra: Algebra<T>,
  state: CurvatureState<T>,
  form: KroneckerForm,
  damping: number,
): Ready<T> {
  const given = state as unknown as State<T>;
  if (form === 'tridiagonal') return chained(algebra, state, damping);
  const blocks: { [kernel: string]: Block<T> } = {};
  const pi: number[] = [];
  const conditioning: number[] = [];
  for (const [kernel, block] of Object.entries(state.blocks)) {
    if (form === 'factored') {
      const found = invertFactors(algebra, block, damping);
      if (found.kind !== 'inverted') return { state: given, outcome: trouble(kernel, found) };
      pi.push(found.pi);
      conditioning.push(found.conditioning);
      blocks[kernel] = { ...block, inverse: found.inverse };
    } else {
      const basis = basisOf(algebra, block);
      if (basis === undefined) return { state: given, outcome: trouble(kernel, notFinite) };
      conditioning.push(conditioningOf(basis.eigenvalues, damping));
      const inverse = inverseFromHost(algebra, basis);
      blocks[kernel] = {
        ...block,
        inverse: form === 'corrected' ? inNewBasis(algebra, block.inverse, inverse) : inverse,
      };
    }
  }
  return {
    state: { ...state, blocks } as unknown as State<T>,
    measures: { conditioning, ...(form === 'factored' && { pi }) },
  };
}

/** The state with every layer's link made anew. */
function chained<T>(algebra: Algebra<T>, state: CurvatureState<T>, damping: number): Ready<T> {
  const given = state as unknown as State<T>;
  const all = Object.entries(state.blocks);
  const links = linkChain(
    algebra,
    all.map(([kernel, { a, g, next }]) => ({ kernel, a, g, ...(next && { next }) })),
    damping,
  );
  if ('kind' in links) {
    const { kind, message } = links;
    return { state: given, outcome: { kind, message: `The curvature has no inverse: ${message}.` } };
  }
  const blocks = Object.fromEntries(
    all.map(([kernel, block], i) => {
      const { inverse, psi } = linkFromHost(algebra, links[i]);
      return [kernel, { ...block, inverse, psi: psi ?? null }];
    }),
  );
  return { state: { ...state, blocks } as unknown as State<T> };
}

function basisOf<T>(algebra: Algebra<T>, { a, g }: Block<T>) {
  const [n, m] = [algebra.shape(a)[0], algebra.shape(g)[0]];
  return kroneckerBasis(algebra.values(a), n, algebra.values(g), m);
}

/**
 * The curvature's diagonal s carried into a new basis, where it was known in an old one: s⁺ = (R_A∘R_A)ᵀ s (R_G∘R_G)
 * with R = QᵀQ⁺, what it would be were the old basis the curvature's own.
 */
export function inNewBasis<T>(
  algebra: Algebra<T>,
  before: KroneckerInverse<T> | null,
  now: KroneckerInverse<T>,
): KroneckerInverse<T> {
  if (before === null) return now;
  const moved = algebra.scope(() => {
    const left = algebra.square(algebra.matmul(before.left, now.left, true));
    const right = algebra.square(algebra.matmul(before.right, now.right, true));
    return algebra.matmul(algebra.matmul(left, before.eigenvalues!, true), right);
  });
  algebra.release(now.eigenvalues!);
  return { ...now, eigenvalues: moved };
}

function conditioningOf(eigenvalues: Float64Array, damping: number): number {
  let [sum, inverses] = [0, 0];
  for (const value of eigenvalues) {
    sum += value + damping;
    inverses += 1 / (value + damping);
  }
  return (sum / eigenvalues.length) * (inverses / eigenvalues.length);
}

const notFinite = { kind: 'nonFinite', message: 'a factor is not finite' } as const;

function trouble(
  kernel: string,
  { kind, message }: Pick<Outcome, 'message'> & { kind: 'singular' | 'nonFinite' },
): Outcome {
  return { kind, message: `The curvature of ${kernel} has no inverse: ${message}.` };
}
