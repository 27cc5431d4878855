import { agree, type Behaviour, dependent, reference, specials } from './backends.js';
import type { Op } from './ops.js';

/** What an operation's derivative, or its answer to a NaN or an infinity, is found to be. */
export type Verdict = 'right' | 'wrong' | 'refused' | 'kept' | 'lost';

/** The gradient, a Hessian-vector product, and what becomes of special values. */
export type Verdicts = readonly [Verdict, Verdict, Verdict];

/** Judges what a backend makes of operations by float64, and infinities by the repaired CPU, the backend in use. */
export function judge(cpu: ReadonlyMap<Op, Behaviour>): (op: Op, found: Behaviour) => Verdicts {
  const wanted = onceEach(reference);
  const goesInto = onceEach(dependent);
  const numbers = (op: Op, found: readonly number[] | string, due: readonly number[]): Verdict =>
    typeof found === 'string' ? 'refused' : agree(op, found, due) ? 'right' : 'wrong';

  /**
   * Whether special values are passed on: a NaN to every entry that its own goes into, infinities as on the CPU.
   * Zeros that pad an image may be multiplied by what the filter holds: such entries may be NaN.
   */
  function special(op: Op, { special: found }: Behaviour): Verdict {
    if (op.chooses) return 'kept';
    const kinds = Object.keys(specials);
    const kept = found.every((entries, k) => {
      const [input, kind] = [Math.floor(k / kinds.length), kinds[k % kinds.length]];
      const due = kind.endsWith('NaN') ? goesInto(op)[input] : cpu.get(op)!.special[k];
      return [...due].every((wish, i) => wish === '.' || entries[i] === wish || entries[i] === 'n');
    });
    return kept ? 'kept' : 'lost';
  }

  return (op, found) => {
    const { gradient, product } = wanted(op);
    const { derivatives } = found;
    const second = typeof derivatives === 'string' ? derivatives : derivatives.product;
    return [numbers(op, found.gradient, gradient), numbers(op, second, product), special(op, found)];
  };
}

function onceEach<T>(compute: (op: Op) => T): (op: Op) => T {
  const known = new Map<Op, T>();
  return (op) => {
    const found = known.get(op) ?? compute(op);
    known.set(op, found);
    return found;
  };
}

const severity: readonly Verdict[] = ['right', 'kept', 'refused', 'lost', 'wrong'];

/** The worst in each column. */
export const worst = (all: readonly Verdicts[]): Verdicts =>
  all.reduce(
    (a, b) =>
      a.map((verdict, k) =>
        severity.indexOf(b[k]) > severity.indexOf(verdict) ? b[k] : verdict,
      ) as unknown as Verdicts,
  );
