import { fitted } from '../model/fitted.js';
import { type Show, shows } from '../model/lessons.js';
import { walked } from '../model/run.js';
import { zoom } from './plane.js';
import { all, change, focused, step, study, subject, view } from './state.js';

const names: Readonly<Record<Show, string>> = {
  model: 'model',
  trials: 'refused trials',
  region: 'trust region',
  damping: 'damping path',
  learnt: 'learnt and true curvature',
};

/** What is drawn beside the paths, and how near it is looked at. */
export function Shows() {
  const offeredShows = subject.value.n === 1 ? shows.slice(0, 1) : shows;
  const toggle = (one: Show) => {
    const now = study.value.shows;
    change({
      shows: now.includes(one)
        ? now.filter((other) => other !== one)
        : shows.filter((other) => other === one || now.includes(other)),
    });
  };
  return (
    <div class="shows">
      <fieldset class="show-list">
        <legend class="sr">Drawn at this step</legend>
        {offeredShows.map((one) => (
          <label key={one}>
            <input type="checkbox" checked={study.value.shows.includes(one)} onChange={() => toggle(one)} />
            <Sample of={one} />
            {names[one]}
          </label>
        ))}
      </fieldset>
    </div>
  );
}

/** What the signs in the picture mean. */
export function Signs() {
  const one = subject.value.n === 1;
  return (
    <p class="signs soft">
      <b>○</b> start <b>●</b> where a method stands <b>→</b> the step it takes next <b>◆</b>{' '}
      {one ? 'the bottom of the parabola' : 'where the model is lowest'} <b>◇</b>{' '}
      {one ? 'its top' : 'level, but not lowest'}
      {subject.value.minima.length > 0 && (
        <>
          {' '}
          <b>×</b> minimum of f
        </>
      )}
    </p>
  );
}

/** Nearer and farther, in a corner of the picture. */
export function Zoom() {
  return (
    <div class="controls zoom">
      <button type="button" aria-label="Zoom in" title="Zoom in" onClick={() => nearer(0.5)}>
        +
      </button>
      <button type="button" aria-label="Zoom out" title="Zoom out" onClick={() => nearer(2)}>
        −
      </button>
      <button
        type="button"
        aria-disabled={study.value.view === undefined}
        onClick={() => change({ view: undefined })}
      >
        Whole
      </button>
      <button
        type="button"
        title="Where the paths go"
        onClick={() => change({ view: fitted(all.value.filter(walked), subject.value) })}
      >
        Paths
      </button>
    </div>
  );
}

/** How each is drawn. */
function Sample({ of }: { readonly of: Show }) {
  const d = {
    model: 'M2,7a9,5 0 1 0 18,0a9,5 0 1 0 -18,0',
    trials: 'M7,3l8,8m0,-8l-8,8',
    region: 'M5,7a6,6 0 1 0 12,0a6,6 0 1 0 -12,0',
    damping: 'M3,11C3,5 8,3 19,3',
    learnt: 'M2,7a9,3 0 1 0 18,0a9,3 0 1 0 -18,0',
  }[of];
  return (
    <svg class={`sample ${of}`} width="22" height="14" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

/** Looks closer, around where the method stands. */
function nearer(factor: number): void {
  const { x0, x1, y0, y1 } = view.value;
  const walk = focused.value;
  const at = walk?.stands[Math.min(step.value, walk.stands.length - 1)].x;
  const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
  const inside =
    at !== undefined && at[0] >= x0 && at[0] <= x1 && (at.length === 1 || (at[1] >= y0 && at[1] <= y1));
  zoom(factor, inside ? [at[0], at[1] ?? middle[1]] : middle);
}
