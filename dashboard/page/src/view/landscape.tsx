import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { LandscapeSampled } from '../../../events.js';
import { type Chart, type Contours, chartOf, contoursOf, heightOf, place } from '../charts/landscape.js';
import { count, number } from '../data/format.js';
import { ArrivalMarks } from './arrival-marks.js';
import { MethodPath } from './method-path.js';
import { across, calmRevision, chosenStep, cursor, focused, record, visible } from './state.js';
import { Swatch } from './swatch.js';

/** For a function of two variables: its contours, every method's path, and how one came to the chosen step. */
export function Landscape() {
  calmRevision.value;
  const { landscape } = record;
  const walkers = visible.value.filter((method) => record.methods[method]!.points.coordinates.length === 2);
  if (landscape === undefined || walkers.length === 0) return null;
  const last = Math.max(...walkers.map((method) => record.methods[method]!.points.steps.last));
  const step = Math.min(last, chosenStep.value ?? last);
  const explained = walkers.filter((method) => arrivalAt(method, step) !== undefined);
  const focus = explained.find((method) => method === focused.value) ?? explained[0];
  return (
    <section class="panel landscape" aria-labelledby="landscape">
      <header class="panel-head">
        <h2 id="landscape">
          Paths <span class="unit">over contours of the function</span>
        </h2>
      </header>
      <div class="landscape-body">
        <Picture landscape={landscape} walkers={walkers} step={step} focus={focus} />
        <div class="landscape-side">
          <StepSlider step={step} last={last} />
          <ul class="landscape-methods" aria-label={`The methods at step ${step}`}>
            {walkers.map((method) => (
              <Walker
                key={method}
                method={method}
                step={step}
                explained={explained.includes(method)}
                chosen={method === focus}
              />
            ))}
          </ul>
          <p class="soft landscape-note">{noteOf(focus, step)}</p>
        </div>
      </div>
    </section>
  );
}

function StepSlider({ step, last }: { readonly step: number; readonly last: number }) {
  return (
    <label class="landscape-slider">
      <span class="soft">step</span>
      <input
        type="range"
        min="0"
        max={last}
        step="1"
        value={step}
        aria-valuetext={`step ${step} of ${last}`}
        onInput={({ currentTarget }) => {
          const chosen = Number(currentTarget.value);
          chosenStep.value = chosen === last ? undefined : chosen; // at its end it follows the run
          if (across.value === 'steps') cursor.value = chosen;
        }}
      />
      <output>
        {count(step)} / {count(last)}
      </output>
    </label>
  );
}

interface WalkerProps {
  readonly method: number;
  readonly step: number;
  readonly explained: boolean;
  readonly chosen: boolean;
}

/** A method's value at the step; one that tells how it came there can be chosen to show it. */
function Walker({ method, step, explained, chosen }: WalkerProps) {
  const { description, points } = record.methods[method]!;
  const index = points.indexAt(step);
  return (
    <li>
      <label>
        <input
          type="radio"
          name="focus"
          disabled={!explained}
          checked={chosen}
          onChange={() => {
            focused.value = method;
          }}
        />
        <Swatch method={method} />
        <span class="name" title={description.label}>
          {description.label}
        </span>
        <span class="value">{number(index < 0 ? undefined : points.values.at(index), 6)}</span>
      </label>
    </li>
  );
}

interface PictureProps {
  readonly landscape: LandscapeSampled;
  readonly walkers: readonly number[];
  readonly step: number;
  readonly focus: number | undefined;
}

function Picture({ landscape, walkers, step, focus }: PictureProps) {
  const host = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      width.value = Math.floor(entry!.contentRect.width);
    });
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  const chart = useMemo(() => chartOf(landscape, width.value), [landscape, width.value]);
  const contours = useMemo(() => contoursOf(landscape, chart), [landscape, chart]);
  const { frame } = chart;
  return (
    <div class="landscape-picture" ref={host}>
      {width.value > 0 && (
        <svg
          width={frame.left + frame.width + 12}
          height={heightOf(chart)}
          role="img"
          aria-label={spoken(walkers, step)}
        >
          <clipPath id="landscape-frame">
            <rect x={frame.left} y={frame.top} width={frame.width} height={frame.height} />
          </clipPath>
          <g clip-path="url(#landscape-frame)">
            <Lines contours={contours} />
            {walkers.map((method) => (
              <MethodPath key={method} method={method} step={step} chart={chart} />
            ))}
            <Minima landscape={landscape} chart={chart} />
            <Starts walkers={walkers} chart={chart} />
            {focus !== undefined && <ArrivalMarks method={focus} step={step} chart={chart} />}
          </g>
          <Axes chart={chart} />
        </svg>
      )}
    </div>
  );
}

function Lines({ contours: { lines, labels } }: { readonly contours: Contours }) {
  return (
    <>
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

function Axes({ chart: { frame, x, y } }: { readonly chart: Chart }) {
  const bottom = frame.top + frame.height;
  return (
    <g class="landscape-axes">
      <rect x={frame.left} y={frame.top} width={frame.width} height={frame.height} />
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
          <path d={`M${frame.left},${y.place(value)}h-5`} />
          <text x={frame.left - 8} y={y.place(value) + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      <text x={frame.left + frame.width / 2} y={bottom + 34} text-anchor="middle" class="variable">
        x₁
      </text>
      <text x={frame.left + 8} y={frame.top + 16} class="variable">
        x₂
      </text>
    </g>
  );
}

/** How a method came to the point it has at this very step, where that is known. */
function arrivalAt(method: number, step: number) {
  const { points } = record.methods[method]!;
  const index = points.indexAt(step);
  return index > 0 && points.steps.at(index) === step ? points.arrival(index) : undefined;
}

function noteOf(focus: number | undefined, step: number): string {
  if (focus === undefined) return '';
  const { radius, model, trials = [] } = arrivalAt(focus, step)!;
  const rejected = trials.filter(({ accepted }) => !accepted).length;
  const parts = [
    ...(model ? ['contours of its quadratic model, dashed'] : []),
    ...(radius === undefined ? [] : [`trust region of radius ${number(radius)}`]),
    ...(trials.length > 0 ? [tried(trials.length, rejected)] : []),
  ];
  return `${record.methods[focus]!.description.label}, step ${step}: ${parts.join('; ')}`;
}

function tried(trials: number, rejected: number): string {
  const points = `${count(trials)} trial ${trials === 1 ? 'point' : 'points'}`;
  return rejected === 0 ? points : `${points}, ${count(rejected)} rejected (×)`;
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
  return `Contours and paths. At step ${step}: ${at.join('; ')}`;
}
