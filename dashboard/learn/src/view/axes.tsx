import type { Axis } from '../../../plot/axis.js';
import type { Box } from '../../../plot/polyline.js';

interface AxesProps {
  readonly area: Box;
  readonly x: Axis;
  readonly y: Axis;
  readonly names: readonly [x: string, y: string];
  /** Without numbers below. */
  readonly bare?: boolean;
}

/** The outline of an area with ticks, numbers, and the names of both axes inside its corners. */
export function Axes({ area, x, y, names, bare = false }: AxesProps) {
  const bottom = area.top + area.height;
  return (
    <g class="axes">
      <rect x={area.left} y={area.top} width={area.width} height={area.height} />
      {x.ticks
        .filter(({ text }) => text !== '')
        .map(({ value, text }) => (
          <g key={value}>
            <path d={`M${x.place(value)},${bottom}v4`} />
            {!bare && (
              <text x={x.place(value)} y={bottom + 17} text-anchor="middle">
                {text}
              </text>
            )}
          </g>
        ))}
      {y.ticks
        .filter(({ text }) => text !== '')
        .map(({ value, text }) => (
          <g key={value}>
            <path d={`M${area.left},${y.place(value)}h-4`} />
            <text x={area.left - 7} y={y.place(value) + 4} text-anchor="end">
              {text}
            </text>
          </g>
        ))}
      {!bare && (
        <text class="variable" x={area.left + area.width - 8} y={bottom - 8} text-anchor="end">
          {names[0]}
        </text>
      )}
      <text class="variable" x={area.left + 8} y={area.top + 17}>
        {names[1]}
      </text>
    </g>
  );
}
