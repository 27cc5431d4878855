import { useSignal } from '@preact/signals';
import { closeUp } from '../charts/landscape.js';
import { count, number } from '../data/format.js';
import { LandscapePicture } from './landscape-picture.js';
import { across, calmRevision, chosenStep, cursor, focused, record, visible } from './state.js';
import { Swatch } from './swatch.js';

/** For a function of two variables: its contours, every method's path, and how one came to the chosen step. */
export function Landscape() {
  const magnified = useSignal(false);
  calmRevision.value;
  const { landscape } = record;
  const walkers = visible.value.filter((method) => record.methods[method]!.points.coordinates.length === 2);
  if (landscape === undefined || walkers.length === 0) return null;
  const focus = walkers.find((method) => method === focused.value) ?? walkers.find(explains) ?? walkers[0]!;
  const last = record.methods[focus]!.points.steps.last;
  const step = Math.min(chosenStep.value ?? Infinity, last);
  const shown = chosenStep.value === undefined ? Infinity : step; // the others may have gone farther
  const { points } = record.methods[focus]!;
  const index = points.indexAt(step);
  const reach = points.reach(index);
  const near = magnified.value && reach > 0;
  const window = near ? closeUp(landscape, points.at(index - 1), reach) : landscape;
  return (
    <section class="panel landscape" aria-labelledby="landscape">
      <header class="panel-head">
        <h2 id="landscape">
          Paths <span class="unit">over contours of the function</span>
        </h2>
        <button
          type="button"
          class="small close-up"
          aria-pressed={near}
          aria-disabled={reach === 0}
          title={
            reach === 0 ? 'This method does not tell how it came here' : 'Fill the picture with this step'
          }
          onClick={() => {
            if (reach > 0) magnified.value = !magnified.value;
          }}
        >
          close-up
        </button>
      </header>
      <div class="landscape-body">
        <LandscapePicture
          landscape={landscape}
          walkers={walkers}
          step={shown}
          focus={focus}
          window={window}
        />
        <div class="landscape-side">
          <StepSlider step={step} last={last} />
          <ul class="landscape-methods" aria-label="The methods, one to be looked at closely">
            {walkers.map((method) => (
              <Walker key={method} method={method} step={shown} chosen={method === focus} />
            ))}
          </ul>
          <p class="soft landscape-note">{noteOf(focus, step)}</p>
          <p class="soft landscape-note">
            ○ start, ✕ known minimum
            {explains(focus) && ', □ where the step began, ring: accepted, red ×: rejected'}
          </p>
        </div>
      </div>
    </section>
  );
}

/** Through the steps of the method looked at; at its end it follows the run. */
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
          chosenStep.value = chosen === last ? undefined : chosen;
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
  readonly chosen: boolean;
}

/** A method's value at the step, and a button to look at it closely. */
function Walker({ method, step, chosen }: WalkerProps) {
  const { description, points } = record.methods[method]!;
  const index = points.indexAt(step);
  return (
    <li>
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
        <span class="value">{number(index < 0 ? undefined : points.values.at(index), 6)}</span>
      </label>
    </li>
  );
}

function explains(method: number): boolean {
  return record.methods[method]!.points.explained;
}

/** What is drawn of how a method came to its point. */
function noteOf(method: number, step: number): string {
  const { description, points } = record.methods[method]!;
  const { radius, model, trials = [] } = points.arrival(points.indexAt(step)) ?? {};
  const rejected = trials.filter(({ accepted }) => !accepted).length;
  const parts = [
    ...(model ? ['contours of its quadratic model, dashed'] : []),
    ...(radius === undefined ? [] : [`trust region of radius ${number(radius)}`]),
    ...(trials.length > 0 ? [tried(trials.length, rejected)] : []),
  ];
  return parts.length === 0 ? '' : `${description.label}, step ${step}: ${parts.join('; ')}`;
}

function tried(trials: number, rejected: number): string {
  const points = `${count(trials)} trial ${trials === 1 ? 'point' : 'points'}`;
  return rejected === 0 ? points : `${points}, ${count(rejected)} rejected`;
}
