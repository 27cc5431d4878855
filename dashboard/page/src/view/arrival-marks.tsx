import { colour } from '../../../plot/colours.js';
import { type Chart, modelContours, place } from '../charts/landscape.js';
import { theme } from '../style/theme.js';
import { calmRevision, record } from './state.js';

interface Props {
  readonly method: number;
  readonly step: number;
  readonly chart: Chart;
}

/** How a method came to its point at the step: the model's contours, the trust region, and what it tried. */
export function ArrivalMarks({ method, step, chart }: Props) {
  calmRevision.value;
  const { points } = record.methods[method]!;
  const index = points.indexAt(step);
  const arrival = points.arrival(index);
  if (arrival === undefined) return null;
  const { radius, model, trials = [] } = arrival;
  const before = points.at(index - 1);
  const reach = points.reach(index);
  const stroke = colour(theme.value, method);
  const [x, y] = place(chart, before);
  const perUnit = (axis: Chart['x']) => Math.abs(axis.to - axis.from) / (axis.high - axis.low);
  return (
    <g class="arrival" stroke={stroke}>
      {model &&
        reach > 0 &&
        modelContours(model, before, reach, chart).map((d) => <path key={d} class="model" d={d} />)}
      {radius !== undefined && (
        <ellipse class="region" cx={x} cy={y} rx={radius * perUnit(chart.x)} ry={radius * perUnit(chart.y)} />
      )}
      {trials.map(({ x: point, accepted }) => {
        const [left, top] = place(chart, point);
        if (!Number.isFinite(left) || !Number.isFinite(top)) return null;
        return accepted ? (
          <circle key={`${left},${top}`} class="trial" cx={left} cy={top} r="8" />
        ) : (
          <path key={`${left},${top}`} class="trial rejected" d={`M${left - 4},${top - 4}l8,8m0,-8l-8,8`} />
        );
      })}
      <rect class="centre" x={x - 3.5} y={y - 3.5} width="7" height="7" />
    </g>
  );
}
