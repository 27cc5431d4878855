import fc from 'fast-check';
import { dyadic, dyadicVector } from './dyadic.js';

/** Rows of inputs, each followed by one target, and a parameter vector to try them on. */
export interface DataSet {
  readonly features: number;
  readonly rows: readonly (readonly number[])[];
  readonly parameters: readonly number[];
}

/**
 * Small data sets of 1 … 6 rows with whole targets in 0 … 2. Shrinks to one row of zeros.
 *
 * @param dimension how many parameters a model over so many features has
 */
export function dataSets(dimension: (features: number) => number): fc.Arbitrary<DataSet> {
  return fc.integer({ min: 1, max: 3 }).chain((features) =>
    fc
      .tuple(
        fc.array(
          fc
            .tuple(
              fc.array(dyadic(), { minLength: features, maxLength: features }),
              fc.integer({ min: 0, max: 2 }),
            )
            .map(([inputs, target]) => [...inputs, target]),
          { minLength: 1, maxLength: 6 },
        ),
        dyadicVector(dimension(features)),
      )
      .map(([rows, parameters]) => ({ features, rows, parameters })),
  );
}
