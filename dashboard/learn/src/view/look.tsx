import { norm } from '../../../../src/linalg/index.js';
import { theme } from '../../../page/src/style/theme.js';
import { colour } from '../../../plot/colours.js';
import { learntCurves, modelCurves } from '../draw/conics.js';
import { type Frame, pathThrough, place } from '../draw/plane.js';
import { dampedStep, dampingPath } from '../model/model-shape.js';
import type { Stand } from '../model/walk.js';
import { Arrow } from './arrow.js';
import { focus, focused, step, study, subject } from './state.js';

/** How the method looked at chooses its next step. */
export function Look({ frame }: { readonly frame: Frame }) {
  const walk = focused.value;
  const stand = walk?.stands[Math.min(step.value, walk.stands.length - 1)];
  if (stand === undefined) return null;
  const next = walk!.stands[step.value + 1];
  const shown = new Set(study.value.shows);
  return (
    <g class="look" style={{ color: colour(theme.value, focus.value) }}>
      {shown.has('learnt') && <Learnt stand={stand} frame={frame} />}
      {shown.has('region') && <Region stand={stand} next={next} frame={frame} />}
      {shown.has('model') && <Model stand={stand} frame={frame} />}
      {shown.has('damping') && <Damping stand={stand} frame={frame} />}
      {next !== undefined && <Arrow from={place(frame, stand.x)} to={place(frame, next.x)} />}
      {shown.has('trials') && <Trials stand={stand} next={next} frame={frame} />}
    </g>
  );
}

interface Part {
  readonly stand: Stand;
  readonly frame: Frame;
}

/** The model's level curves and its centre. */
function Model({ stand: { leap, gradient, x }, frame }: Part) {
  const drawn = leap?.model && modelCurves(leap.model, gradient, x);
  if (!drawn) return null;
  const [left, top] = place(frame, drawn.centre);
  return (
    <g class="model">
      {drawn.curves.map((curve, k) => (
        <path key={k} d={pathThrough(frame, curve)} />
      ))}
      {drawn.kind === 'minimum' ? (
        <path class="centre" d={`M${left},${top - 6}l6,6l-6,6l-6,-6z`} />
      ) : (
        <path class="centre hollow" d={`M${left},${top - 6}l6,6l-6,6l-6,-6z`} />
      )}
    </g>
  );
}

/** Where −(H + λI)⁻¹g ends for every λ; a dot where λ is what was chosen. */
function Damping({ stand: { leap, gradient, x }, frame }: Part) {
  if (leap?.model === undefined) return null;
  const to = (p: Float64Array) => p.map((pi, i) => x[i] + pi);
  const path = dampingPath(leap.model, gradient).map(to);
  const { damping } = leap.measures;
  const own = typeof damping === 'number' ? dampedStep(leap.model, gradient, damping) : undefined;
  return (
    <g class="damping">
      <path class="ground" d={pathThrough(frame, [...path, x])} />
      <path d={pathThrough(frame, [...path, x])} />
      {own !== undefined && <Dot at={to(own)} frame={frame} />}
    </g>
  );
}

function Dot({ at, frame }: { readonly at: ArrayLike<number>; readonly frame: Frame }) {
  const [left, top] = place(frame, at);
  return <circle cx={left} cy={top} r="4.5" />;
}

/** The circle in which the model was trusted, and those before it, dashed, as far as refused trials went. */
function Region({ stand: { leap, x }, next, frame }: Trial) {
  const radius = leap?.measures.radius;
  if (typeof radius !== 'number') return null;
  const [left, top] = place(frame, x);
  const pixels = (length: number) => Math.min(length * frame.scale, 1e5);
  return (
    <g class="regions">
      {refusedTrials(leap, next).map((trial, k) => (
        <circle key={k} class="region-refused" cx={left} cy={top} r={pixels(distance(trial, x))} />
      ))}
      <circle class="region-edge" cx={left} cy={top} r={pixels(radius)} />
    </g>
  );
}

/** The curvature the method believes in, dashed, and the true one. */
function Learnt({ stand: { leap, x }, frame }: Part) {
  if (leap?.model === undefined) return null;
  const { definition } = subject.value;
  const size = (0.36 * frame.area.height) / frame.scale;
  const drawn = learntCurves(definition.hessian!(Float64Array.from(x)), leap.model, x, size);
  return (
    drawn && (
      <g class="learnt">
        {drawn.truth.map((curve, k) => (
          <path key={k} class="truth" d={pathThrough(frame, curve)} />
        ))}
        {drawn.learnt.map((curve, k) => (
          <path key={k} class="belief" d={pathThrough(frame, curve)} />
        ))}
      </g>
    )
  );
}

interface Trial extends Part {
  readonly next: Stand | undefined;
}

const distance = (a: Float64Array, b: Float64Array) => norm(a.map((ai, i) => ai - b[i]));

/** All but the one that was taken, the last. */
function refusedTrials(leap: Stand['leap'], next: Stand | undefined): readonly Float64Array[] {
  return (leap?.trials ?? []).filter((x) => next === undefined || distance(x, next.x) > 0);
}

/** A cross where a trial was refused. */
function Trials({ stand: { leap }, next, frame }: Trial) {
  return (
    <g class="trials">
      {refusedTrials(leap, next).map((x, k) => {
        const [left, top] = place(frame, x);
        const d = `M${left - 4.5},${top - 4.5}l9,9m0,-9l-9,9`;
        return (
          <g key={k}>
            <path class="ground" d={d} />
            <path d={d} />
          </g>
        );
      })}
    </g>
  );
}
