import type { Elementary } from './elementary.js';

/** What was typed, as a tree. Powers whose exponent holds no variable are told from the others. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly index: number }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'call'; readonly function: Elementary; readonly of: Expression }
  | { readonly kind: 'power'; readonly base: Expression; readonly exponent: number }
  | {
      readonly kind: 'add' | 'subtract' | 'multiply' | 'divide' | 'raise';
      readonly left: Expression;
      readonly right: Expression;
    };
