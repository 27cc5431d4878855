import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { theme } from '../../../page/src/style/theme.js';
import { linearAxis, logAxis } from '../../../plot/axis.js';
import { colour, dash } from '../../../plot/colours.js';
import { lineThrough, type Place } from '../../../plot/polyline.js';
import { curves, walked } from '../model/run.js';
import { all, floor, focus, goTo, last, playing, step } from './state.js';
import { useWidth } from './use-width.js';

const outside = { left: 44, right: 12, top: 8, bottom: 24 };
/** What grows beyond this multiple of where it began leaves the picture, so that the others can be seen. */
const highest = 1e4;
const lowest = 1e-17;

/** Three curves over the steps: how far from the least value, how steep, how long a step. */
export function Strip() {
  const known = floor.value.known;
  return (
    <section class="strip" aria-label="Over the steps">
      <Small of="excess" title={known ? 'f − f*' : 'f − least found'} />
      <Small of="gradient" title="‖g‖, the gradient" />
      <Small of="length" title="‖p‖, the step" />
    </section>
  );
}

interface SmallProps {
  readonly of: 'excess' | 'gradient' | 'length';
  readonly title: string;
}

function Small({ of, title }: SmallProps) {
  const host = useRef<HTMLDivElement>(null);
  const { width, height } = useWidth(host);
  const series = useComputed(() => all.value.map((one) => (walked(one) ? curves(one, floor.value)[of] : [])));
  const steps = Math.max(1, last.value);
  const area = {
    left: outside.left,
    top: outside.top,
    width: Math.max(1, width.value - outside.left - outside.right),
    height: Math.max(1, height.value - outside.top - outside.bottom),
  };
  const [low, high] = range(series.value);
  const x = linearAxis(0, steps, { from: area.left, to: area.left + area.width, perLabel: 44 });
  const y = logAxis(low, high, { from: area.top + area.height, to: area.top, perLabel: 26 });
  const jump = (event: PointerEvent) => {
    if (event.type === 'pointermove' && event.buttons !== 1) return;
    const box = host.current!.getBoundingClientRect();
    playing.value = false;
    goTo(Math.round(((event.clientX - box.left - area.left) / area.width) * steps));
  };
  const bottom = area.top + area.height;
  return (
    <figure class="small">
      <figcaption>{title}</figcaption>
      <div class="small-picture" ref={host} onPointerDown={jump} onPointerMove={jump}>
        {width.value > 0 && (
          <svg
            width={width.value}
            height={height.value}
            role="img"
            aria-label={`${title} over the steps, on a log axis`}
          >
            <clipPath id={`strip-${of}`}>
              <rect x={area.left - 6} y={area.top - 4} width={area.width + 12} height={area.height + 8} />
            </clipPath>
            <g class="axes">
              {y.ticks
                .filter(({ text }) => text !== '')
                .map(({ value, text }) => (
                  <g key={value}>
                    <path class="grid" d={`M${area.left},${y.place(value)}h${area.width}`} />
                    <text x={area.left - 6} y={y.place(value) + 4} text-anchor="end">
                      {text}
                    </text>
                  </g>
                ))}
              {x.ticks
                .filter(({ value }) => Number.isInteger(value))
                .map(({ value }) => (
                  <text key={value} x={x.place(value)} y={bottom + 16} text-anchor="middle">
                    {value}
                  </text>
                ))}
              <path class="now" d={`M${x.place(step.value)},${area.top}v${area.height}`} />
            </g>
            <g clip-path={`url(#strip-${of})`}>
              {series.value.map((values, index) => {
                const places = values.map((value, k): Place => [x.place(k), y.place(Math.max(value, y.low))]);
                const ink = colour(theme.value, index);
                const at = places[step.value];
                return (
                  <g key={index} data-focused={index === focus.value}>
                    <path
                      class="series"
                      stroke={ink}
                      stroke-dasharray={dash(index).join(' ') || undefined}
                      d={lineThrough(places)}
                    />
                    {at?.every(Number.isFinite) && (
                      <circle class="stand" cx={at[0]} cy={at[1]} r="4" fill={ink} />
                    )}
                  </g>
                );
              })}
            </g>
          </svg>
        )}
      </div>
    </figure>
  );
}

function range(series: readonly (readonly number[])[]): readonly [number, number] {
  const first = Math.max(...series.map((values) => values.find((value) => value > 0) ?? 0)) || 1;
  const seen = series.flat().filter((value) => value > 0 && value <= highest * first);
  if (seen.length === 0) return [0.1, 1];
  return [Math.max(Math.min(...seen), lowest * first), Math.max(...seen)];
}
