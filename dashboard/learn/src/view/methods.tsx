import { findMethod } from '../../../../src/methods/index.js';
import type { Call } from '../../../cli/arguments/method-list.js';
import { theme } from '../../../page/src/style/theme.js';
import { colour, dash } from '../../../plot/colours.js';
import { number } from '../model/format.js';
import { callOf, callsOf, offeredMethods, typedList } from '../model/method-choice.js';
import { ended, walked } from '../model/run.js';
import type { Refusal, Walk } from '../model/walk.js';
import { Options } from './option-control.js';
import { all, change, focus, step, study, subject } from './state.js';
import { Limit } from './transport.js';

const mostMethods = 8;

/** The methods that run side by side; one of them is looked at closely. */
export function Methods() {
  const calls = callsOf(study.value.methods);
  const set = (next: readonly Call[], more: { readonly focus?: number } = {}) =>
    change({ methods: typedList(next), ...more });
  const runnable = (name: string) => subject.value.n === 1 || !oneVariable.has(name);
  return (
    <section class="card methods" aria-labelledby="methods-title">
      <div class="card-head">
        <h2 id="methods-title">Methods</h2>
        <Limit />
      </div>
      <ol>
        {calls.map((call, index) => (
          <Method
            key={index}
            call={call}
            index={index}
            run={all.value[index]}
            alone={calls.length === 1}
            set={(next) => set(calls.with(index, next))}
            drop={() =>
              set(calls.toSpliced(index, 1), {
                focus: Math.max(0, study.value.focus - (index <= study.value.focus ? 1 : 0)),
              })
            }
          />
        ))}
      </ol>
      {calls.length < mostMethods && (
        <label class="field add">
          <span>add</span>
          <select
            value=""
            onChange={({ currentTarget }) => {
              const { value } = currentTarget;
              currentTarget.value = '';
              if (value !== '') set([...calls, callOf(value)], { focus: calls.length });
            }}
          >
            <option value="">another method …</option>
            <Names keep={runnable} />
          </select>
        </label>
      )}
    </section>
  );
}

const oneVariable = new Set(offeredMethods.find(({ kind }) => kind === 'One variable')!.names);

function Names({ keep }: { keep(name: string): boolean }) {
  return (
    <>
      {offeredMethods
        .map(({ kind, names }) => ({ kind, names: names.filter(keep) }))
        .filter(({ names }) => names.length > 0)
        .map(({ kind, names }) => (
          <optgroup key={kind} label={kind}>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
        ))}
    </>
  );
}

interface MethodProps {
  readonly call: Call;
  readonly index: number;
  readonly run: Walk | Refusal | undefined;
  readonly alone: boolean;
  set(call: Call): void;
  drop(): void;
}

function Method({ call, index, run, alone, set, drop }: MethodProps) {
  const entry = findMethod(call.name);
  const isFocused = index === focus.value;
  const own = Object.fromEntries(
    Object.entries(entry.options).filter(([, option]) => option.allows.kind !== 'like'),
  );
  return (
    <li data-focused={isFocused}>
      <div class="method-head">
        <label class="look-at" title="look closely at this one">
          <input
            type="radio"
            name="focus"
            checked={isFocused}
            aria-label={`look closely at ${call.name}`}
            onChange={() => change({ focus: index })}
          />
          <svg class="swatch" width="22" height="10" aria-hidden="true">
            <path
              d="M1,5h20"
              stroke={colour(theme.value, index)}
              stroke-dasharray={dash(index).join(' ') || undefined}
              stroke-width="3"
            />
          </svg>
        </label>
        <select
          aria-label={`method ${index + 1}`}
          title={`${entry.sentence} ${entry.source}`}
          value={call.name}
          onChange={({ currentTarget: { value } }) => set(callOf(value))}
        >
          {!offeredMethods.some(({ names }) => names.includes(call.name)) && <option>{call.name}</option>}
          <Names keep={(name) => subject.value.n === 1 || !oneVariable.has(name) || name === call.name} />
        </select>
        <button
          type="button"
          class="small"
          aria-label={`remove ${call.name}`}
          aria-disabled={alone}
          onClick={() => !alone && drop()}
        >
          ×
        </button>
      </div>
      {run && !walked(run) && <p class="wrong">{run.refused}</p>}
      {run && walked(run) && (
        <p class="outcome">
          <span>{ended(run, subject.value)}</span>
          <span>{valueAt(run)}</span>
        </p>
      )}
      {isFocused && <p class="soft sentence">{entry.sentence}</p>}
      {Object.keys(own).length > 0 && (
        <details open={isFocused}>
          <summary>options</summary>
          <Options call={call} options={own} change={set} />
        </details>
      )}
    </li>
  );
}

function valueAt({ stands }: Walk): string {
  return `f = ${number(stands[Math.min(step.value, stands.length - 1)].value, 3)}`;
}
