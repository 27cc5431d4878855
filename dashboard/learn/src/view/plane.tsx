import { type ReadonlySignal, useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Frame, frameOf, place, pointAt, surfaceOf } from '../draw/plane.js';
import { point } from '../model/format.js';
import { walked } from '../model/run.js';
import { Axes } from './axes.js';
import { Look } from './look.js';
import { Paths } from './paths.js';
import { StartHandle } from './start-handle.js';
import { useStartPointer } from './start-pointer.js';
import { all, change, step, study, subject, view } from './state.js';
import { useWidth } from './use-width.js';

/** The contours of a function of two variables, the paths on it, and a close look at one method's step. */
export function Plane() {
  const host = useRef<HTMLDivElement>(null);
  const { width, height } = useWidth(host);
  const frame = useComputed(() => frameOf(view.value, width.value, height.value));
  const dragging = useStartPointer(host, (left, top) => {
    startAt(pointAt(frame.value, left, top), frame.value);
  });
  useEffect(() => {
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return; // a pinch comes as such a wheel; others scroll the page
      event.preventDefault();
      const box = host.current!.getBoundingClientRect();
      zoom(
        2 ** (event.deltaY / 200),
        pointAt(frame.value, event.clientX - box.left, event.clientY - box.top),
      );
    };
    host.current!.addEventListener('wheel', wheel, { passive: false });
    return () => host.current?.removeEventListener('wheel', wheel);
  }, []);

  return (
    <div class="picture" ref={host} data-dragging={dragging.value}>
      {width.value > 0 && <Ground frame={frame} />}
      {width.value > 0 && (
        <svg class="above" width={width.value} height={height.value} role="img" aria-label={spoken()}>
          <clipPath id="plane-area">
            <rect
              x={frame.value.area.left}
              y={frame.value.area.top}
              width={frame.value.area.width}
              height={frame.value.area.height}
            />
          </clipPath>
          <g clip-path="url(#plane-area)">
            <Minima frame={frame.value} />
            <Look frame={frame.value} />
            <Paths frame={frame.value} />
          </g>
          <Axes area={frame.value.area} x={frame.value.x} y={frame.value.y} names={['x', 'y']} />
        </svg>
      )}
      {width.value > 0 && <Start frame={frame.value} />}
    </div>
  );
}

/** The contours, in a drawing of their own: it stays as it is while what lies above it moves. */
function Ground({ frame }: { readonly frame: ReadonlySignal<Frame> }) {
  const surface = useComputed(() => {
    const { definition } = subject.value;
    return surfaceOf((x, y) => definition.value(Float64Array.of(x, y)), frame.value);
  });
  const { area } = frame.value;
  const { regions, lines, missing, labels } = surface.value;
  return (
    <svg class="contours" width={area.left + area.width} height={area.top + area.height} aria-hidden="true">
      <clipPath id="ground-area">
        <rect x={area.left} y={area.top} width={area.width} height={area.height} />
      </clipPath>
      <g clip-path="url(#ground-area)">
        {regions.map((d, k) => (
          <path key={k} class="region" fill-rule="evenodd" d={d} />
        ))}
        {lines.map((d, k) => (
          <path key={k} class="contour" d={d} />
        ))}
        {missing !== '' && <path class="missing" fill-rule="evenodd" d={missing} />}
        {labels.map(({ text, x, y, angle }) => (
          <text key={text} class="level" transform={`translate(${x} ${y}) rotate(${angle})`} dy=".35em">
            {text}
          </text>
        ))}
      </g>
    </svg>
  );
}

/** Shows a part of the plane so many times as wide, around a point that stays where it is. */
export function zoom(factor: number, [x, y]: readonly number[]): void {
  const { x0, x1, y0, y1 } = view.value;
  if (!((x1 - x0) * factor > 1e-9 && (x1 - x0) * factor < 1e9)) return;
  change({
    view: {
      x0: x + (x0 - x) * factor,
      x1: x + (x1 - x) * factor,
      y0: y + (y0 - y) * factor,
      y1: y + (y1 - y) * factor,
    },
  });
}

/** Starts at a point, rounded to what can be seen. */
function startAt(at: readonly number[], { scale }: Frame): void {
  const digits = Math.max(0, Math.min(12, Math.ceil(Math.log10(scale))));
  change({ start: at.map((xi) => Number(xi.toFixed(digits))), step: 0 });
}

function Start({ frame }: { readonly frame: Frame }) {
  const { start } = study.value;
  const [left, top] = place(frame, start);
  const move = (right: number, up: number) =>
    startAt([start[0] + right / frame.scale, start[1] + up / frame.scale], frame);
  return <StartHandle left={left} top={top} move={move} />;
}

function Minima({ frame }: { readonly frame: Frame }) {
  return (
    <g>
      {subject.value.minima.map(({ x }) => {
        if (x === undefined) return null;
        const [left, top] = place(frame, x);
        const d = `M${left - 6},${top - 6}l12,12m0,-12l-12,12`;
        return (
          <g key={d}>
            <path class="minimum-ground" d={d} />
            <path class="minimum" d={d} />
          </g>
        );
      })}
    </g>
  );
}

function spoken(): string {
  const places = all.value.filter(walked).map(({ label, stands }) => {
    const { x } = stands[Math.min(step.value, stands.length - 1)];
    return `${label} at ${point(x)}`;
  });
  return `Contours of ${subject.value.text}. At step ${step.value}: ${places.join('; ')}`;
}
