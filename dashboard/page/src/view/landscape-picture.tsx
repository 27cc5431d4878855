import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Window } from '../../../plot/window.js';
import type { LandscapeSampled } from '../../../record/events.js';
import {
  type Chart,
  type Contours,
  chartOf,
  contoursOf,
  heightOf,
  place,
  profileLine,
} from '../charts/landscape.js';
import { listenOver } from '../charts/landscape-gestures.js';
import { number } from '../data/format.js';
import { ArrivalMarks } from './arrival-marks.js';
import { lookedAt } from './looking.js';
import { MethodPath } from './method-path.js';
import { record } from './state.js';
import { useWidth } from './use-width.js';
import type { Walks } from './walks.js';

interface PictureProps {
  readonly walks: Walks;
  /** Infinity for the newest. */
  readonly step: number;
  /** The method that shows how it came there. */
  readonly focus: number;
  /** The part of the landscape shown. */
  readonly window: Window;
}

/** Contours, paths and marks, as wide as there is room. */
export function LandscapePicture({ walks, step, focus, window }: PictureProps) {
  const { landscape, profile, methods, walk, whole, names, isAlongLine } = walks;
  const { host, width } = useWidth<HTMLDivElement>();
  const chart = useMemo(
    () => chartOf(window, width.value, isAlongLine),
    [window.x0, window.x1, window.y0, window.y1, width.value, isAlongLine],
  );
  const contours = useMemo(() => landscape && contoursOf(landscape, chart), [landscape, chart]);
  const { area } = chart;
  const latest = useRef(chart);
  latest.current = chart;
  const latestWhole = useRef(whole);
  latestWhole.current = whole;
  useEffect(() => {
    const look = (window: Window | undefined) => {
      lookedAt.value =
        window && window.x1 - window.x0 < latestWhole.current.x1 - latestWhole.current.x0
          ? window
          : undefined;
    };
    return listenOver(host.current!, () => latest.current, look);
  }, []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: with the focus the wheel zooms, as the keys + and − do
    <section class="landscape-picture" ref={host} tabIndex={0} aria-label="Drag moves, the wheel zooms">
      {width.value > 0 && (
        <svg
          width={area.left + area.width + 8}
          height={heightOf(chart)}
          role="img"
          aria-label={spoken(methods, step)}
        >
          <clipPath id="landscape-area">
            <rect x={area.left} y={area.top} width={area.width} height={area.height} />
          </clipPath>
          <g clip-path="url(#landscape-area)">
            {contours && <Lines contours={contours} />}
            {profile && <path class="contour profile" d={profileLine(profile, chart)} />}
            {methods.map((method) => (
              <MethodPath key={method} method={method} walk={walk(method)} step={step} chart={chart} />
            ))}
            {landscape && <Minima landscape={landscape} chart={chart} />}
            <Starts walks={walks} chart={chart} />
            {landscape && <ArrivalMarks method={focus} step={step} chart={chart} />}
          </g>
          <Axes chart={chart} names={names} />
        </svg>
      )}
    </section>
  );
}

export function Lines({ contours: { lines, labels, surfaces } }: { readonly contours: Contours }) {
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
function Starts({ walks: { methods, walk }, chart }: { readonly walks: Walks; readonly chart: Chart }) {
  const starts = new Map(
    methods.map((method) => {
      const at = place(chart, walk(method).at(0));
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

interface AxesProps {
  readonly chart: Chart;
  readonly names: readonly [string, string];
}

export function Axes({ chart: { area, x, y }, names }: AxesProps) {
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
        {names[0]}
      </text>
      <text x={area.left + 8} y={area.top + 16} class="variable">
        {names[1]}
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
  return `Paths. ${Number.isFinite(step) ? `At step ${step}` : 'In the end'}: ${at.join('; ')}`;
}
