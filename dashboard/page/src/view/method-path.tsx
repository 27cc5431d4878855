import { colour, dash } from '../../../plot/colours.js';
import { type Chart, pathDots, pathLine, place, type Walk } from '../charts/landscape.js';
import { theme } from '../style/theme.js';
import { forward } from './looking.js';
import { calmRevision } from './state.js';

interface Props {
  readonly method: number;
  readonly walk: Walk;
  readonly step: number;
  readonly chart: Chart;
}

/** A method's path: plain up to the step, faint beyond it, with a larger dot where it stands. */
export function MethodPath({ method, walk: points, step, chart }: Props) {
  calmRevision.value; // the walk grows, and stays the same object
  const behind = forward.value !== undefined && forward.value !== method;
  const stroke = colour(theme.value, method);
  const last = points.steps.length - 1;
  const now = points.indexAt(step);
  if (now < 0) return null;
  const [x, y] = place(chart, points.at(now));
  const line = {
    class: 'path',
    stroke,
    'stroke-dasharray': dash(method).join(' ') || undefined,
  };
  return (
    <g class="walk" data-behind={behind}>
      {now < last && <path {...line} class="path ahead" d={pathLine(points, now, last, chart)} />}
      <path {...line} d={pathLine(points, 0, now, chart)} />
      {pathDots(points, 0, now, chart).map(([left, top]) => (
        <circle key={`${left},${top}`} cx={left} cy={top} r="2.2" fill={stroke} />
      ))}
      {Number.isFinite(x) && Number.isFinite(y) && <circle class="stand" cx={x} cy={y} r="5" fill={stroke} />}
    </g>
  );
}
