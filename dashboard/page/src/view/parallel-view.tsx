import { computed, signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { count } from '../data/format.js';
import {
  type Brush,
  brushed,
  type ParallelAxis,
  parallelAxes,
  type Tried,
  triedIn,
} from '../data/parallel.js';
import { picked, shownRuns } from './runs-state.js';
import { useWidth } from './use-width.js';

/** The stretches of axes that are looked at, by the names of the axes. */
export const brushes = signal<ReadonlyMap<string, Brush>>(new Map());
/** The line that the pointer is on. */
const pointed = signal<Tried | undefined>(undefined);

const tried = computed(() => triedIn(shownRuns.value));
const axes = computed(() => parallelAxes(tried.value));
const inside = computed(() => new Set(brushed(tried.value, axes.value, brushes.value)));

/** The runs that the brushes leave; undefined where nothing is brushed. */
export const brushedPaths = computed<ReadonlySet<string> | undefined>(() =>
  parallelShown.value && brushes.value.size > 0
    ? new Set([...inside.value].map(({ path }) => path))
    : undefined,
);
export const parallelShown = signal(false);

/** So near to each other two places on an axis are one. */
const nearEnd = 0.03;
const size = { height: 300, top: 34, bottom: 26, left: 92, right: 70, apart: 110 };
const along = (at: number) => size.height - size.bottom - at * (size.height - size.top - size.bottom);

/** What was asked for against what came of it: a line each method of a run, brushed on any axis. */
export function ParallelView() {
  const { host, width: room } = useWidth<HTMLElement>();
  const shown = axes.value;
  const width = Math.max(room.value, size.left + size.right + (shown.length - 1) * size.apart);
  const x = (i: number) =>
    size.left + (shown.length === 1 ? 0 : (i * (width - size.left - size.right)) / (shown.length - 1));
  const left = [...inside.value];
  return (
    <section class="parallel" aria-label="Options and results" ref={host}>
      {shown.length < 2 ? (
        <p class="soft hint">Runs that differ in an option, and came to a value, are drawn here.</p>
      ) : (
        <>
          <header>
            <p class="soft">
              {pointed.value
                ? `${pointed.value.path}: ${pointed.value.label}`
                : `${count(left.length)} of ${count(tried.value.length)} lines. Drag along an axis to choose; press it to let go.`}
            </p>
            {brushes.value.size > 0 && (
              <>
                <button
                  type="button"
                  class="small"
                  onClick={() => {
                    picked.value = [...new Set(left.map(({ path }) => path))];
                  }}
                >
                  Pick these
                </button>
                <button
                  type="button"
                  class="small"
                  onClick={() => {
                    brushes.value = new Map();
                  }}
                >
                  Show all
                </button>
              </>
            )}
          </header>
          <div class="scroll">
            <svg width={width} height={size.height} role="presentation">
              <Lines x={x} axes={shown} />
              {shown.map((axis, i) => (
                <Axis key={axis.name} axis={axis} x={x(i)} last={i === shown.length - 1} />
              ))}
            </svg>
          </div>
        </>
      )}
    </section>
  );
}

interface LinesProps {
  readonly x: (axis: number) => number;
  readonly axes: readonly ParallelAxis[];
}

/** Those outside the brushes behind the others; the better the value, the stronger the colour. */
function Lines({ x, axes }: LinesProps) {
  const result = axes.findLast(({ name }) => name === 'best');
  const all = tried.value.toSorted((a, b) => Number(inside.value.has(a)) - Number(inside.value.has(b)));
  return (
    <g fill="none">
      {all.map((one) => {
        const points = axes.flatMap(({ name, place }, i) => {
          const at = place(one.values.get(name));
          return at === undefined ? [] : [`${x(i).toFixed(1)} ${along(at).toFixed(1)}`];
        });
        const better = result?.place(one.values.get('best')) ?? 0.5;
        return (
          <path
            key={`${one.path} ${one.label}`}
            d={`M${points.join('L')}`}
            class="tried"
            data-inside={inside.value.has(one)}
            data-pointed={pointed.value === one}
            style={{ '--worse': `${Math.round(100 * (1 - better))}%` }}
            onPointerEnter={() => {
              pointed.value = one;
            }}
            onPointerLeave={() => {
              pointed.value = undefined;
            }}
          >
            <title>{`${one.path}: ${one.label}`}</title>
          </path>
        );
      })}
    </g>
  );
}

interface AxisProps {
  readonly axis: ParallelAxis;
  readonly x: number;
  readonly last: boolean;
}

function Axis({ axis, x, last }: AxisProps) {
  const { name, kind, ticks } = axis;
  const drawn = useRef<number | undefined>(undefined);
  const brush = brushes.value.get(name);
  const placeAt = (event: PointerEvent) => {
    const { top } = (event.currentTarget as SVGElement).ownerSVGElement!.getBoundingClientRect();
    const at = (along(0) - (event.clientY - top)) / (along(0) - along(1));
    return at < nearEnd ? 0 : at > 1 - nearEnd ? 1 : at; // what lies at an end is easily meant
  };
  const near = (at: number) =>
    ticks.reduce((best, tick) => (Math.abs(tick.at - at) < Math.abs(best.at - at) ? tick : best));
  const words = (at: number) => near(at).text;
  return (
    <g transform={`translate(${x} 0)`} class="axis" data-kind={kind}>
      <line y1={along(1)} y2={along(0)} />
      {ticks.map(({ at, text: tick }) => (
        <g key={at} transform={`translate(0 ${along(at)})`}>
          <line x1={-4} x2={0} />
          <text x={last ? 8 : -8} dy="0.32em" text-anchor={last ? 'start' : 'end'}>
            {tick.length > 11 ? `${tick.slice(0, 10)}…` : tick}
          </text>
        </g>
      ))}
      <text class="axis-name" y={16} text-anchor="middle">
        {name}
      </text>
      {brush && (
        <rect
          class="brush"
          x={-8}
          width={16}
          y={along(brush.to)}
          height={along(brush.from) - along(brush.to)}
        />
      )}
      <rect
        class="brush-grip"
        x={-16}
        width={32}
        y={along(1) - 8}
        height={along(0) - along(1) + 16}
        role="slider"
        tabindex={0}
        aria-label={`${name}: arrow keys move the stretch that is chosen, with Shift they make it longer or shorter, Escape lets it go`}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * (brush?.from ?? 0))}
        aria-valuetext={brush ? `from about ${words(brush.from)} to ${words(brush.to)}` : 'all'}
        onKeyDown={(event) => onKey(event, name, brush)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drawn.current = placeAt(event);
        }}
        onPointerMove={(event) => {
          if (drawn.current === undefined) return;
          const [from, to] = [drawn.current, placeAt(event)].sort((a, b) => a - b) as [number, number];
          if (to - from > nearEnd) brushTo(name, { from, to });
        }}
        onPointerUp={(event) => {
          const at = placeAt(event);
          if (drawn.current !== undefined && Math.abs(at - drawn.current) <= nearEnd)
            brushTo(name, undefined);
          drawn.current = undefined;
        }}
      />
    </g>
  );
}

function brushTo(name: string, brush: Brush | undefined): void {
  const next = new Map(brushes.value);
  if (brush === undefined) next.delete(name);
  else next.set(name, brush);
  brushes.value = next;
}

const stride = 0.1;

function onKey(event: KeyboardEvent, name: string, brush: Brush | undefined): void {
  const { from, to } = brush ?? { from: 0, to: 1 };
  const up = { ArrowUp: stride, ArrowDown: -stride }[event.key];
  if (event.key === 'Escape') brushTo(name, undefined);
  else if (up === undefined) return;
  else if (brush === undefined) brushTo(name, up > 0 ? { from: 0.5, to: 1 } : { from: 0, to: 0.5 });
  else if (event.shiftKey) brushTo(name, { from, to: Math.min(1, Math.max(from + stride / 2, to + up)) });
  else {
    const by = Math.min(1 - to, Math.max(-from, up));
    brushTo(name, { from: from + by, to: to + by });
  }
  event.preventDefault();
}
