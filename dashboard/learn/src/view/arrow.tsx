import type { Place } from '../../../plot/polyline.js';

const shortest = 14; // pixels of a step that gets an arrow
const farthest = 1e5;
const head = { length: 9, width: 4.5, before: 3 };

/** An arrow from one place to just before another. */
export function Arrow({ from, to }: { readonly from: Place; readonly to: Place }) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (!(length >= shortest && length <= farthest)) return null;
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const [x, y] = [to[0] - head.before * ux, to[1] - head.before * uy];
  const [bx, by] = [x - head.length * ux, y - head.length * uy];
  const wing = (side: number) => `L${bx - side * head.width * uy},${by + side * head.width * ux}`;
  return (
    <g class="arrow">
      <path class="ground" d={`M${from[0]},${from[1]}L${x},${y}`} />
      <path class="shaft" d={`M${from[0]},${from[1]}L${bx + ux},${by + uy}`} />
      <path class="head" d={`M${x},${y}${wing(1)}${wing(-1)}Z`} />
    </g>
  );
}
