import type { Algebra } from '../algebra/algebra.js';
import { float64 } from '../algebra/float64.js';
import { restore, type Saved, save } from '../algebra/saved.js';
import type { State } from '../algebra/tree.js';
import type { Work } from '../algebra/work.js';
import type { KroneckerFactors } from '../curvature/kronecker-factors.js';
import type { KroneckerInverse } from '../curvature/kronecker-inverse.js';
import type { Outcome } from '../objective/outcome.js';
import { inNewBasis, withInverses } from './kronecker-refresh.js';
import type { Block, CurvatureState, KroneckerForm } from './kronecker-state.js';
import type { Ready } from './preconditioner.js';

/** Factors to be inverted, by the paths of their kernels. */
interface Request<T> {
  readonly form: KroneckerForm;
  readonly damping: number;
  readonly factors: { readonly [kernel: string]: Pick<Block<T>, 'a' | 'g' | 'next'> };
}

interface Answer<T> {
  readonly inverses: {
    readonly [kernel: string]: {
      readonly inverse: KroneckerInverse<T>;
      readonly psi: KroneckerFactors<T> | null;
    };
  };
  readonly measures: { readonly [name: string]: readonly number[] };
  readonly failed: Pick<Outcome, 'kind' | 'message'> | null;
}

/** What the inverses of a state are made of. */
export function inversesAsked<T>(state: CurvatureState<T>, form: KroneckerForm, damping: number): State<T> {
  const factors = Object.entries(state.blocks).map(([kernel, { a, g, next }]) => [kernel, { a, g, next }]);
  const request: Request<T> = { form, damping, factors: Object.fromEntries(factors) };
  return request as unknown as State<T>;
}

/** The inverses of Kronecker factors, or their eigenvectors, as a form wants them; in float64. */
export const kroneckerInverses: Work = {
  name: 'kroneckerInverses',
  run: (request): Saved => float64.scope(() => save(float64, answered(restore(float64, request)))),
};

function answered<T>(given: State<T>): State<T> {
  const { form, damping, factors } = given as unknown as Request<T>;
  const blocks = Object.entries(factors).map(([kernel, own]) => [
    kernel,
    { ...own, bias: null, inverse: null, psi: null },
  ]);
  const state = { count: 0, weight: 0, blocks: Object.fromEntries(blocks), squares: {}, apart: [] };
  const algebra = float64 as unknown as Algebra<T>;
  const { state: made, outcome, measures = {} } = withInverses(algebra, state, form, damping);
  const done = Object.entries((made as unknown as CurvatureState<T>).blocks);
  const answer = {
    inverses: Object.fromEntries(
      outcome === undefined ? done.map(([kernel, { inverse, psi }]) => [kernel, { inverse, psi }]) : [],
    ),
    measures,
    failed: outcome === undefined ? null : { kind: outcome.kind, message: outcome.message },
  };
  return answer as unknown as State<T>;
}

/** The state with the inverses that were answered, or why there are none. */
export function inversesAdopted<T>(
  algebra: Algebra<T>,
  state: CurvatureState<T>,
  form: KroneckerForm,
  given: State<T>,
): Ready<T> {
  const { inverses, measures, failed } = given as unknown as Answer<T>;
  if (failed !== null) return { state: state as unknown as State<T>, outcome: failed };
  const blocks: { [kernel: string]: Block<T> } = {};
  for (const [kernel, block] of Object.entries(state.blocks)) {
    const { inverse, psi } = inverses[kernel];
    const now = form === 'corrected' ? inNewBasis(algebra, block.inverse, inverse) : inverse;
    blocks[kernel] = { ...block, inverse: now, psi };
  }
  return { state: { ...state, blocks } as unknown as State<T>, measures };
}
