import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { theme } from '../../../page/src/style/theme.js';
import { colour } from '../../../plot/colours.js';
import { isInside, lineThrough } from '../../../plot/polyline.js';
import { curveOf, type LineFrame, type LinePanel, lineFrameOf, placeIn } from '../draw/line.js';
import { point } from '../model/format.js';
import { levelStep } from '../model/model-shape.js';
import { walked } from '../model/run.js';
import { Arrow } from './arrow.js';
import { Axes } from './axes.js';
import { lastOnTop } from './paths.js';
import { StartHandle } from './start-handle.js';
import { useStartPointer } from './start-pointer.js';
import { all, change, focus, focused, step, study, subject, view } from './state.js';
import { useWidth } from './use-width.js';

/** A function of one variable with the parabola of a step, and its slope with the tangent that is the same step. */
export function Line() {
  const host = useRef<HTMLDivElement>(null);
  const { width, height } = useWidth(host);
  const frame = useComputed(() => lineFrameOf(view.value, width.value, height.value, curves(subject.value)));
  const dragging = useStartPointer(host, (left) => {
    const { x, area } = frame.value.f;
    startAt(x.low + ((left - area.left) / area.width) * (x.high - x.low), frame.value);
  });
  return (
    <div class="picture" ref={host} data-dragging={dragging.value}>
      {width.value > 0 && <Panels frame={frame.value} width={width.value} height={height.value} />}
    </div>
  );
}

function Panels({
  frame,
  width,
  height,
}: {
  readonly frame: LineFrame;
  readonly width: number;
  readonly height: number;
}) {
  const { value, slope } = curves(subject.value);
  return (
    <>
      <svg width={width} height={height} role="img" aria-label={spoken()}>
        <Clip id="line-f" panel={frame.f} />
        <Clip id="line-slope" panel={frame.slope} />
        <g clip-path="url(#line-f)">
          <path class="curve" d={curveOf(frame.f, value)} />
          {study.value.shows.includes('model') && <Parabola panel={frame.f} />}
          <Marks panel={frame.f} of={value} />
        </g>
        <g clip-path="url(#line-slope)">
          <path
            class="zero"
            d={`M${frame.slope.area.left},${frame.slope.y.place(0)}h${frame.slope.area.width}`}
          />
          <path class="curve" d={curveOf(frame.slope, slope)} />
          {study.value.shows.includes('model') && <Tangent panel={frame.slope} />}
          <Step panel={frame.slope} />
          <Marks panel={frame.slope} of={slope} />
        </g>
        <Axes area={frame.f.area} x={frame.f.x} y={frame.f.y} names={['x', 'f']} bare />
        <Axes area={frame.slope.area} x={frame.slope.x} y={frame.slope.y} names={['x', 'f′']} />
      </svg>
      <Start panel={frame.f} frame={frame} of={value} />
    </>
  );
}

function Clip({ id, panel: { area } }: { readonly id: string; readonly panel: LinePanel }) {
  return (
    <clipPath id={id}>
      <rect x={area.left} y={area.top} width={area.width} height={area.height} />
    </clipPath>
  );
}

/** What the method looked at believes at its step: slope and curvature there. */
function belief() {
  const walk = focused.value;
  const stand = walk?.stands[Math.min(step.value, walk.stands.length - 1)];
  const model = stand?.leap?.model;
  if (stand === undefined || model === undefined) return undefined;
  const p = levelStep(model, stand.gradient);
  return { x: stand.x[0], value: stand.value, slope: stand.gradient[0], curvature: model[0], p: p?.[0] };
}

/** The parabola that has f's value, slope and curvature, and its top or bottom. */
function Parabola({ panel }: { readonly panel: LinePanel }) {
  const at = belief();
  if (at === undefined) return null;
  const model = (x: number) => at.value + at.slope * (x - at.x) + (at.curvature * (x - at.x) ** 2) / 2;
  return (
    <g class="look" style={{ color: colour(theme.value, focus.value) }}>
      <path class="parabola" d={curveOf(panel, model)} />
      {at.p !== undefined && (
        <Centre panel={panel} x={at.x + at.p} value={model(at.x + at.p)} up={at.curvature > 0} />
      )}
    </g>
  );
}

/** The tangent to f′, and where it meets zero: the next point. */
function Tangent({ panel }: { readonly panel: LinePanel }) {
  const at = belief();
  if (at === undefined) return null;
  const line = (x: number) => at.slope + at.curvature * (x - at.x);
  return (
    <g class="look" style={{ color: colour(theme.value, focus.value) }}>
      <path class="parabola" d={curveOf(panel, line)} />
      {at.p !== undefined && <Centre panel={panel} x={at.x + at.p} value={0} up />}
    </g>
  );
}

/** The step about to be taken, along f′ = 0. */
function Step({ panel }: { readonly panel: LinePanel }) {
  const walk = focused.value;
  const [here, next] = [walk?.stands[step.value], walk?.stands[step.value + 1]];
  if (here === undefined || next === undefined) return null;
  return (
    <g class="look" style={{ color: colour(theme.value, focus.value) }}>
      <Arrow from={placeIn(panel, here.x[0], 0)} to={placeIn(panel, next.x[0], 0)} />
    </g>
  );
}

function Centre({
  panel,
  x,
  value,
  up,
}: {
  readonly panel: LinePanel;
  readonly x: number;
  readonly value: number;
  readonly up: boolean;
}) {
  const [left, top] = placeIn(panel, x, value);
  const { area } = panel;
  const drop = `M${left},${area.top}v${area.height}`;
  return (
    <g class="model">
      <path class="drop" d={drop} />
      <path class={up ? 'centre' : 'centre hollow'} d={`M${left},${top - 6}l6,6l-6,6l-6,-6z`} />
    </g>
  );
}

/** Where every method has been, and stands. */
function Marks({ panel, of }: { readonly panel: LinePanel; readonly of: (x: number) => number }) {
  return (
    <g>
      {lastOnTop(all.value.length, focus.value).map((index) => {
        const one = all.value[index];
        if (!walked(one)) return null;
        const ink = colour(theme.value, index);
        const k = Math.min(step.value, one.stands.length - 1);
        const places = one.stands.slice(0, k + 1).map(({ x: [x] }) => placeIn(panel, x, of(x)));
        const [left, top] = places[k];
        return (
          <g key={index}>
            <path class="trail" stroke={ink} d={lineThrough(places)} />
            {places.slice(0, -1).map(([x, y], j) => (
              <circle key={j} cx={x} cy={y} r="2.6" fill={ink} />
            ))}
            <circle class="stand" cx={left} cy={top} r="5.5" fill={ink} />
          </g>
        );
      })}
    </g>
  );
}

function startAt(x: number, { f: { x: axis } }: LineFrame): void {
  const digits = Math.max(
    0,
    Math.min(12, Math.ceil(Math.log10((axis.to - axis.from) / (axis.high - axis.low)))),
  );
  change({ start: [Number(x.toFixed(digits))], step: 0 });
}

interface StartProps {
  readonly panel: LinePanel;
  readonly frame: LineFrame;
  of(x: number): number;
}

function Start({ panel, frame, of }: StartProps) {
  const [x] = study.value.start;
  const [left, top] = placeIn(panel, x, of(x));
  const unit = (panel.x.high - panel.x.low) / (panel.x.to - panel.x.from);
  const inView = isInside([left, top], panel.area) ? top : panel.area.top + panel.area.height - 12;
  return <StartHandle left={left} top={inView} move={(right) => startAt(x + right * unit, frame)} />;
}

function curves({ definition }: { readonly definition: (typeof subject)['value']['definition'] }) {
  return {
    value: (x: number) => definition.value(Float64Array.of(x)),
    slope: (x: number) => definition.gradient!(Float64Array.of(x))[0],
  };
}

function spoken(): string {
  const places = all.value.filter(walked).map(({ label, stands }) => {
    const { x } = stands[Math.min(step.value, stands.length - 1)];
    return `${label} at ${point(x)}`;
  });
  return `${subject.value.text} and its slope. At step ${step.value}: ${places.join('; ')}`;
}
