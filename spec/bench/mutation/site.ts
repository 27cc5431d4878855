/** A place in the source and what one operator makes of it. */
export interface Site {
  /** File, operator, and both texts: the same as long as the code at the place is. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
  /** A statement that is left out, or that the next one overtakes; else an expression. */
  readonly statement?: 'dropped' | 'overtaken';
}
