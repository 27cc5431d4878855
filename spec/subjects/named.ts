/** What every subject of the laws says of itself. */
export interface Named {
  readonly name: string;
  /** Distance from 1 to the next number of its arithmetic. */
  readonly epsilon: number;
  /** The ids of the laws it says it obeys. */
  readonly claims: readonly string[];
  /** Runs `body` and frees what its arithmetic allocated. */
  scope<R>(body: () => R): R;
}
