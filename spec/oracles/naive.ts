import { claims } from '../subjects/claims.js';
import { type DenseModel, linearModel } from '../subjects/dense-model.js';
import { flat, shaped } from '../subjects/point.js';
import type { Moment, Optimizer, OptimizerSubject } from '../subjects/subject.js';

/** What a naive method remembers: rows of numbers. */
export type Rows = readonly (readonly number[])[];

/**
 * A method as a first reader would write it: plain loops over one vector of numbers, nothing shared with the
 * methods it is to test.
 */
export interface Naive {
  /** The state before the first step. */
  start(x: readonly number[]): Rows;
  /** `t` counts from 1; the update is what is added to x. */
  step(
    x: readonly number[],
    g: readonly number[],
    rows: Rows,
    t: number,
    hessian?: Float64Array,
    model?: DenseModel,
  ): { readonly update: readonly number[]; readonly rows: Rows };
}

interface NaiveState {
  readonly t: number;
  readonly parts: readonly Rows[];
}

/**
 * A naive method as a subject of the laws.
 *
 * @param leafwise whether the method treats each array by itself (trust ratios) or all as one vector
 */
export function naiveSubject(
  method: string,
  create: (options: Record<string, unknown>) => Naive,
  { leafwise = false, name = `${method} (naive)` } = {},
): OptimizerSubject {
  return {
    kind: 'optimizer',
    name,
    method,
    epsilon: 2 ** -52,
    claims: [...(claims[method] ?? []), 'A'],
    create: (options) => naiveOptimizer(create(options as Record<string, unknown>), leafwise),
    scope: (body) => body(),
  };
}

export function naiveOptimizer(naive: Naive, leafwise: boolean): Optimizer {
  return {
    init: (parameters): NaiveState => ({
      t: 0,
      parts: (leafwise ? parameters.map((leaf) => [leaf]) : [parameters]).map((part) =>
        naive.start([...flat(part)]),
      ),
    }),
    step(state, { parameters, gradient, hessian, model }: Moment) {
      const { t, parts } = state as NaiveState;
      const steps = parts.map((rows, i) => {
        const x = leafwise ? parameters[i].data : flat(parameters);
        const g = leafwise ? gradient[i].data : flat(gradient);
        return naive.step([...x], [...g], rows, t + 1, hessian, model ?? linearModel(x.length));
      });
      return {
        update: shaped(
          parameters,
          steps.flatMap(({ update }) => update),
        ),
        state: { t: t + 1, parts: steps.map(({ rows }) => rows) },
      };
    },
    save: (state) => structuredClone(state),
    restore: (saved) => structuredClone(saved),
  };
}

/** An option of the given name, or its default. */
export function option<V>(options: Record<string, unknown>, name: string, otherwise: V): V {
  return (options[name] as V | undefined) ?? otherwise;
}
