import type * as tf from '@tensorflow/tfjs';
import type { Tree } from '../algebra/tree.js';

export type Variables = { readonly [name: string]: tf.Variable };

/**
 * Variables by name. A model that was loaded again has the names of the one before with a number appended, which is
 * left out, so that a state fits both.
 */
export function named(variables: readonly tf.Variable[]): Variables {
  const plain = variables.map((variable) => [variable.name.replace(/_\d+$/, ''), variable] as const);
  const unique = new Set(plain.map(([name]) => name)).size === variables.length;
  return Object.fromEntries(unique ? plain : variables.map((variable) => [variable.name, variable]));
}

/** The variables' values, each sharing its memory: they stay what they are when the variable moves on. */
export function valuesOf(variables: Variables): { readonly [name: string]: tf.Tensor } {
  return Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, variable.clone()]));
}

/** Runs `body` with the variables standing at a record of values, and brings them back. */
export function withValues<R>(variables: Variables, values: Tree<tf.Tensor>, body: () => R): R {
  const before = valuesOf(variables);
  assign(variables, values);
  try {
    return body();
  } finally {
    assign(variables, before);
    for (const value of Object.values(before)) value.dispose();
  }
}

/** Lets the variables stand at a record of values, whose memory they then share. */
export function assign(variables: Variables, values: Tree<tf.Tensor>): void {
  const record = values as { readonly [name: string]: tf.Tensor };
  for (const [name, variable] of Object.entries(variables)) variable.assign(record[name]);
}
