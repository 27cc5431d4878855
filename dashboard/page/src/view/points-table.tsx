import { count, number } from '../data/format.js';
import { SmallTable } from './small-table.js';
import { calmRevision, record, visible } from './state.js';
import { Swatch } from './swatch.js';

/** Coordinates shown at most: beyond, a table says nothing any more. */
const most = 8;

/** For problems with few variables: where each method stands and what the function is there. */
export function PointsTable() {
  calmRevision.value;
  const rows = visible.value.filter((method) => record.methods[method]!.points.values.length > 0);
  if (rows.length === 0) return null;
  const dimension = Math.max(...rows.map((method) => record.methods[method]!.points.coordinates.length));
  const shown = Array.from({ length: Math.min(dimension, most) }, (_, index) => index);
  return (
    <div class="methods">
      <h2 id="points">
        Points{' '}
        {dimension > most && (
          <span class="unit">
            the first {most} of {dimension} coordinates
          </span>
        )}
      </h2>
      <SmallTable
        labelledBy="points"
        columns={[
          ...['method', 'step', 'value'].map((name) => ({ id: name, title: name })),
          ...shown.map((index) => ({ id: index, title: coordinate(index) })),
        ]}
        rows={rows.map((method) => {
          const { description, points } = record.methods[method]!;
          return {
            id: method,
            name: (
              <>
                <Swatch method={method} />
                {description.label}
              </>
            ),
            title: description.label,
            cells: [
              count(points.steps.last),
              number(points.values.last, 6),
              ...shown.map((index) => number(points.coordinates[index]?.last, 6)),
            ],
          };
        })}
      />
    </div>
  );
}

const coordinate = (index: number) => (
  <>
    x<sub>{index + 1}</sub>
  </>
);
