import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { closeUp, zoomed } from '../charts/landscape.js';
import { count, number } from '../data/format.js';
import { LandscapePicture } from './landscape-picture.js';
import { lookedAt, pinned } from './looking.js';
import { across, calmRevision, chosenStep, cursor, focused, record } from './state.js';
import { Swatch } from './swatch.js';
import { walksOf } from './walks.js';

/** For a function: every method's path, over its contours where it is of two variables, and how one came to a step. */
export function Landscape() {
  calmRevision.value;
  const walks = walksOf();
  if (walks === undefined || walks.methods.length === 0) return null;
  const { methods: walkers, whole } = walks;
  const explains = (method: number) => walks.landscape !== undefined && isExplained(method);
  const focus = walkers.find((method) => method === focused.value) ?? walkers.find(explains) ?? walkers[0]!;
  const last = Math.max(...walkers.map((method) => record.methods[method]!.points.steps.last));
  const step = Math.min(chosenStep.value ?? Infinity, last);
  const shown = chosenStep.value === undefined ? Infinity : step;
  const { points } = record.methods[focus]!;
  const index = points.indexAt(step);
  const reach = points.reach(index);
  const window = lookedAt.value ?? whole;
  const middle = [(window.x0 + window.x1) / 2, (window.y0 + window.y1) / 2] as const;
  const zoomBy = (factor: number) => {
    const next = zoomed(window, middle, factor);
    lookedAt.value = next.x1 - next.x0 >= whole.x1 - whole.x0 ? undefined : next;
  };
  return (
    <section class="panel landscape" aria-labelledby="landscape">
      <header class="panel-head">
        <h2 id="landscape">
          Paths <span class="unit">{walks.title}</span>
        </h2>
        <div class="menu">
          <button type="button" class="small" aria-label="Zoom out" onClick={() => zoomBy(1.6)}>
            −
          </button>
          <button type="button" class="small" aria-label="Zoom in" onClick={() => zoomBy(1 / 1.6)}>
            +
          </button>
          {walks.landscape && (
            <button
              type="button"
              class="small"
              aria-disabled={reach === 0}
              title={
                reach === 0 ? 'This method does not tell how it came here' : 'Fill the picture with this step'
              }
              onClick={() => {
                if (reach > 0) lookedAt.value = closeUp(whole, points.at(index - 1), reach);
              }}
            >
              close-up
            </button>
          )}
          <button
            type="button"
            class="small"
            aria-disabled={lookedAt.value === undefined}
            onClick={() => (lookedAt.value = undefined)}
          >
            whole
          </button>
        </div>
      </header>
      <div class="landscape-body">
        <LandscapePicture walks={walks} step={shown} focus={focus} window={window} />
        <div class="landscape-side">
          <StepSlider step={step} last={last} />
          <fieldset class="landscape-methods">
            <legend class="soft">looked at</legend>
            {walkers.map((method) => (
              <Walker key={method} method={method} chosen={method === focus} />
            ))}
          </fieldset>
          <p class="soft landscape-note">{noteOf(focus, step, window.x1 - window.x0)}</p>
          <p class="soft landscape-note">
            ○ start
            {walks.landscape && ', ✕ known minimum'}
            {explains(focus) && ', □ where the step began, ring: accepted, red ×: rejected'}
          </p>
        </div>
      </div>
    </section>
  );
}

/** Seconds that all steps take to be played, and the most steps a second. */
const playing = { seconds: 8, rate: 30 };

/** Through the steps of all methods; at the end it follows the run. */
function StepSlider({ step, last }: { readonly step: number; readonly last: number }) {
  const plays = useSignal(false);
  const show = (chosen: number) => {
    chosenStep.value = chosen >= last ? undefined : chosen;
    if (across.value === 'steps' && !pinned.value) cursor.value = chosen >= last ? undefined : chosen;
  };
  useEffect(() => {
    if (!plays.value) return;
    const from = step >= last ? 0 : step;
    const rate = Math.min(playing.rate, Math.max(2, last / playing.seconds));
    const start = performance.now();
    let frame = requestAnimationFrame(function next(now) {
      const at = from + Math.floor(((now - start) / 1000) * rate);
      show(at);
      if (at >= last) plays.value = false;
      else frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [plays.value, last]);
  return (
    <div class="landscape-slider">
      <button
        type="button"
        class="small"
        aria-label={plays.value ? 'Pause the steps' : 'Play the steps'}
        onClick={() => (plays.value = !plays.value)}
      >
        <svg width="10" height="12" viewBox="0 0 10 12" aria-hidden="true" fill="currentColor">
          <path d={plays.value ? 'M0 0h3.5v12H0zM6.5 0H10v12H6.5z' : 'M0 0l10 6l-10 6z'} />
        </svg>
      </button>
      <label>
        <span class="soft">step</span>
        <input
          type="range"
          min="0"
          max={last}
          step="1"
          value={step}
          aria-valuetext={`step ${step} of ${last}`}
          onInput={({ currentTarget }) => {
            plays.value = false;
            show(Number(currentTarget.value));
          }}
        />
      </label>
      <output>
        {count(step)} / {count(last)}
      </output>
    </div>
  );
}

interface WalkerProps {
  readonly method: number;
  readonly chosen: boolean;
}

/** A button to look at a method closely. */
function Walker({ method, chosen }: WalkerProps) {
  const { description } = record.methods[method]!;
  return (
    <label>
      <input
        type="radio"
        name="focus"
        checked={chosen}
        onChange={() => {
          focused.value = method;
        }}
      />
      <Swatch method={method} />
      <span class="name" title={description.label}>
        {description.label}
      </span>
    </label>
  );
}

function isExplained(method: number): boolean {
  return record.methods[method]!.points.explained;
}

/** A step shorter than this part of the picture's width cannot be seen in it. */
const leastSeen = 0.01;

/** What is drawn of how a method came to its point. */
function noteOf(method: number, step: number, across: number): string {
  const { description, points } = record.methods[method]!;
  const index = points.indexAt(step);
  const { radius, model, trials = [] } = points.arrival(index) ?? {};
  const rejected = trials.filter(({ accepted }) => !accepted).length;
  const parts = [
    ...(model && points.reach(index) > leastSeen * across ? ['contours of its quadratic model, dashed'] : []),
    ...(model && points.reach(index) <= leastSeen * across
      ? ['its quadratic model is seen from nearer']
      : []),
    ...(radius === undefined ? [] : [`trust region of radius ${number(radius)}`]),
    ...(trials.length > 0 ? [tried(trials.length, rejected)] : []),
  ];
  const at = Math.max(0, points.steps.at(index));
  const value = `f = ${number(points.values.at(index), 6)}`;
  return `${description.label}, step ${count(at)}: ${[value, ...parts].join('; ')}`;
}

function tried(trials: number, rejected: number): string {
  const points = `${count(trials)} trial ${trials === 1 ? 'point' : 'points'}`;
  return rejected === 0 ? points : `${points}, ${count(rejected)} rejected`;
}
