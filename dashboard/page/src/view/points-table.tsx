import { count, number } from '../data/format.js';
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too */}
      <section class="scroll" aria-labelledby="points" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">method</th>
              <th scope="col">step</th>
              <th scope="col">value</th>
              {shown.map((index) => (
                <th key={index} scope="col">
                  x<sub>{index + 1}</sub>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((method) => {
              const { description, points } = record.methods[method]!;
              return (
                <tr key={method}>
                  <th scope="row">
                    <Swatch method={method} />
                    {description.label}
                  </th>
                  <td>{count(points.steps.last)}</td>
                  <td>{number(points.values.last, 6)}</td>
                  {shown.map((index) => (
                    <td key={index}>{number(points.coordinates[index]?.last, 6)}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}
