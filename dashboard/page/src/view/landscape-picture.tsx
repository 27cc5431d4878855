import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Window } from '../../../plot/window.js';
import type { LandscapeSampled } from '../../../record/events.js';
import { type Chart, type Contours, chartOf, contoursOf, heightOf, place } from '../charts/landscape.js';
import { listenOver } from '../charts/landscape-gestures.js';
import { number } from '../data/format.js';
import { ArrivalMarks } from './arrival-marks.js';
import { lookedAt } from './looking.js';
import { MethodPath } from './method-path.js';
import { record } from './state.js';

interface PictureProps {
  readonly landscape: LandscapeSampled;
  readonly walkers: readonly number[];
  /** Infinity for the newest. */
  readonly step: number;
  /** The method that shows how it came there. */
  readonly focus: number;
  /** The part of the landscape shown. */
  readonly window: Window;
}

/** Contours, paths and marks, as wide as there is room. */
export function LandscapePicture({ landscape, walkers, step, focus, window }: PictureProps) {
  const host = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      width.value = Math.floor(entry!.contentRect.width);
    });
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  const chart = useMemo(
    () => chartOf(window, width.value),
    [window.x0, window.x1, window.y0, window.y1, width.value],
  );
  const contours = useMemo(() => contoursOf(landscape, chart), [landscape, chart]);
  const { area } = chart;
  const latest = useRef(chart);
  latest.current = chart;
  useEffect(() => {
    const look = (window: Window | undefined) => {
      lookedAt.value = window && window.x1 - window.x0 < landscape.x1 - landscape.x0 ? window : undefined;
    };
    return listenOver(host.current!, () => latest.current, look);
  }, [landscape]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: with the focus the wheel zooms, as the keys + and − do
    <section class="landscape-picture" ref={host} tabIndex={0} aria-label="Drag moves, the wheel zooms">
      {width.value > 0 && (
        <svg
          width={area.left + area.width + 8}
          height={heightOf(chart)}
          role="img"
          aria-label={spoken(walkers, step)}
        >
          <clipPath id="landscape-area">
            <rect x={area.left} y={area.top} width={area.width} height={area.height} />
          </clipPath>
          <g clip-path="url(#landscape-area)">
            <Lines contours={contours} />
            {walkers.map((method) => (
              <MethodPath key={method} method={method} step={step} chart={chart} />
            ))}
            <Minima landscape={landscape} chart={chart} />
            <Starts walkers={walkers} chart={chart} />
            <ArrivalMarks method={focus} step={step} chart={chart} />
          </g>
          <Axes chart={chart} />
        </svg>
      )}
    </section>
  );
}

function Lines({ contours: { lines, labels, surfaces } }: { readonly contours: Contours }) {
  return (
    <>
      {surfaces.map((d) => (
        <path key={d} class="surface" d={d} />
      ))}
      {lines.map((d) => (
        <path key={d} class="contour" d={d} />
      ))}
      {labels.map(({ text, x, y, angle }) => (
        <text key={text} class="level" transform={`translate(${x} ${y}) rotate(${angle})`} dy=".35em">
          {text}
        </text>
      ))}
    </>
  );
}

function Minima({ landscape, chart }: { readonly landscape: LandscapeSampled; readonly chart: Chart }) {
  return (
    <>
      {landscape.minima.map(({ x }) => {
        const [left, top] = place(chart, x);
        const d = `M${left - 6},${top - 6}l12,12m0,-12l-12,12`;
        return (
          <g key={d}>
            <path class="minimum-ground" d={d} />
            <path class="minimum" d={d} />
          </g>
        );
      })}
    </>
  );
}

/** A ring where methods start; most share one. */
function Starts({ walkers, chart }: { readonly walkers: readonly number[]; readonly chart: Chart }) {
  const starts = new Map(
    walkers.map((method) => {
      const at = place(chart, record.methods[method]!.points.at(0));
      return [at.join(), at];
    }),
  );
  return (
    <>
      {[...starts].map(([key, [x, y]]) => (
        <circle key={key} class="start" cx={x} cy={y} r="6.5" />
      ))}
    </>
  );
}

function Axes({ chart: { area, x, y } }: { readonly chart: Chart }) {
  const bottom = area.top + area.height;
  return (
    <g class="landscape-axes">
      <rect x={area.left} y={area.top} width={area.width} height={area.height} />
      {x.ticks.map(({ value, text }) => (
        <g key={value}>
          <path d={`M${x.place(value)},${bottom}v5`} />
          <text x={x.place(value)} y={bottom + 18} text-anchor="middle">
            {text}
          </text>
        </g>
      ))}
      {y.ticks.map(({ value, text }) => (
        <g key={value}>
          <path d={`M${area.left},${y.place(value)}h-5`} />
          <text x={area.left - 8} y={y.place(value) + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      <text x={area.left + area.width / 2} y={bottom + 34} text-anchor="middle" class="variable">
        x₁
      </text>
      <text x={area.left + 8} y={area.top + 16} class="variable">
        x₂
      </text>
    </g>
  );
}

function spoken(walkers: readonly number[], step: number): string {
  const at = walkers.map((method) => {
    const { description, points } = record.methods[method]!;
    const index = points.indexAt(step);
    return `${description.label} at (${points
      .at(Math.max(0, index))
      .map((coordinate) => number(coordinate))
      .join(', ')})`;
  });
  return `Contours and paths. ${Number.isFinite(step) ? `At step ${step}` : 'In the end'}: ${at.join('; ')}`;
}
