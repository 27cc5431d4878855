import { theme } from '../../../page/src/style/theme.js';
import { colour } from '../../../plot/colours.js';
import { number, point } from '../model/format.js';
import { told } from '../model/told.js';
import { focus, focused, step, subject } from './state.js';

/** What the method looked at does here, in words and numbers. */
export function StepTold() {
  const walk = focused.value;
  if (walk === undefined) {
    return (
      <section class="card told">
        <h2>This step</h2>
        <p class="soft">No method runs on this function: choose another one below.</p>
      </section>
    );
  }
  const { sentences, facts, decrease } = told(walk, step.value, subject.value.definition);
  return (
    <section class="card told" aria-labelledby="told-title">
      <div class="card-head">
        <h2 id="told-title">This step</h2>
        <span class="who">
          <svg class="swatch" width="22" height="10" aria-hidden="true">
            <path d="M1,5h20" stroke={colour(theme.value, focus.value)} stroke-width="3" />
          </svg>
          {walk.label}
        </span>
      </div>
      <div class="sentences" aria-live="polite">
        {sentences.map((one) => (
          <p key={one}>{one}</p>
        ))}
      </div>
      <Decrease decrease={decrease} />
      <dl class="facts">
        {facts.map(({ sign, meaning, value, unit = '' }) => (
          <div key={sign} class={typeof value === 'number' ? undefined : 'several'} title={meaning}>
            <dt>
              {sign}
              <span class="sr">, {meaning}</span>
            </dt>
            <dd>
              {typeof value === 'number'
                ? `${number(value)}${unit}`
                : sign === 'x'
                  ? point(value)
                  : value.map((one) => number(one, 3)).join(', ')}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The fall that was promised, and what came of it, as two bars on one scale. */
function Decrease({
  decrease,
}: {
  readonly decrease: { readonly promised: number; readonly actual: number } | undefined;
}) {
  const { promised, actual } = decrease ?? { promised: Number.NaN, actual: Number.NaN };
  const most = Math.max(Math.abs(promised), Math.abs(actual));
  return (
    <div class="decrease" data-known={decrease !== undefined}>
      <Bar name="promised" value={promised} most={most} />
      <Bar name="actual" value={actual} most={most} />
    </div>
  );
}

const half = 50; // per cent of the bar for each sign

function Bar({
  name,
  value,
  most,
}: {
  readonly name: string;
  readonly value: number;
  readonly most: number;
}) {
  const share = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
  const length = share * half;
  return (
    <div class="bar">
      <span>{name}</span>
      <svg width="100%" height="12" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <path class="bar-zero" d="M50,0v12" vector-effect="non-scaling-stroke" />
        {Number.isFinite(value) && (
          <rect
            class={value < 0 ? 'rise' : 'fall'}
            x={value < 0 ? half - length : half}
            y="2"
            width={length}
            height="8"
          />
        )}
      </svg>
      <span class="bar-value">
        {Number.isFinite(value) ? `${value < 0 ? 'rise' : 'fall'} ${number(Math.abs(value), 3)}` : '–'}
      </span>
    </div>
  );
}
