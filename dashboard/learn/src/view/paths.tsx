import { theme } from '../../../page/src/style/theme.js';
import { colour, dash } from '../../../plot/colours.js';
import { isInside, type Place } from '../../../plot/polyline.js';
import { type Frame, pathThrough, place } from '../draw/plane.js';
import { walked } from '../model/run.js';
import { all, focus, step } from './state.js';

/** Every method's path up to the step looked at, what follows faintly, and where it stands. */
export function Paths({ frame }: { readonly frame: Frame }) {
  return (
    <g class="paths">
      {lastOnTop(all.value.length, focus.value).map((index) => (
        <Path key={index} index={index} frame={frame} />
      ))}
    </g>
  );
}

/** 0 … count − 1 in the order of drawing: the one looked at lies on top. */
export function lastOnTop(count: number, top: number): number[] {
  const order = [...Array(count).keys()].filter((index) => index !== top);
  return top < 0 ? order : [...order, top];
}

function Path({ index, frame }: { readonly index: number; readonly frame: Frame }) {
  const one = all.value[index];
  if (!walked(one)) return null;
  const points = one.stands.map(({ x }) => x);
  const k = Math.min(step.value, points.length - 1);
  const stroke = {
    stroke: colour(theme.value, index),
    'stroke-dasharray': dash(index).join(' ') || undefined,
  };
  const [left, top] = place(frame, points[k]);
  return (
    <g data-focused={index === focus.value}>
      <path class="path ahead" d={pathThrough(frame, points.slice(k))} {...stroke} />
      <path class="path ground" d={pathThrough(frame, points.slice(0, k + 1))} />
      <path class="path" d={pathThrough(frame, points.slice(0, k + 1))} {...stroke} />
      {dots(points.slice(0, k), frame).map(([x, y]) => (
        <circle key={`${x},${y}`} cx={x} cy={y} r="2.4" fill={stroke.stroke} />
      ))}
      <circle class="stand" cx={left} cy={top} r="5" fill={stroke.stroke} />
    </g>
  );
}

/** Where dots stand: none so near another that they would touch. */
function dots(points: readonly Float64Array[], frame: Frame): Place[] {
  const kept: Place[] = [];
  for (const x of points) {
    const at = place(frame, x);
    const before = kept.at(-1);
    if (!isInside(at, frame.area)) continue;
    if (before === undefined || Math.hypot(at[0] - before[0], at[1] - before[1]) >= 6) kept.push(at);
  }
  return kept;
}
