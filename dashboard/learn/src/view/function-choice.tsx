import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ExpressionError } from '../../../../src/problems/expression/syntax.js';
import { functions } from '../../../../src/problems/index.js';
import { number } from '../model/format.js';
import { typedList } from '../model/method-choice.js';
import { offered, type Subject, subjectOf } from '../model/subject.js';
import { Options } from './option-control.js';
import { change, study, subject } from './state.js';

interface Wrong {
  readonly text: string;
  readonly reason: string;
  /** From which character on, where that is known. */
  readonly position?: number;
}

/** Half a formula is often another one, or none: it is read after so many milliseconds without a key. */
const pause = 350;

/** Which function, and where methods start: chosen, typed, or clicked. */
export function FunctionChoice() {
  const typed = useSignal(study.value.f);
  const wrong = useSignal<Wrong | undefined>(undefined);
  useEffect(() => {
    typed.value = study.value.f;
    wrong.value = undefined;
  }, [study.value.f]);
  const later = useRef<ReturnType<typeof setTimeout>>(undefined);
  const take = (text: string) => {
    clearTimeout(later.current);
    typed.value = text;
    try {
      const next = subjectOf(text);
      wrong.value = undefined;
      if (next.text !== subject.value.text) choose(next);
    } catch (error) {
      wrong.value = {
        text,
        reason: error instanceof ExpressionError ? error.reason : (error as Error).message,
        ...(error instanceof ExpressionError && { position: error.position }),
      };
    }
  };
  const { definition, text, options, given } = subject.value;
  const known = functions.get(text.replace(/\(.*/, ''));
  const chosen = known?.name ?? text;
  return (
    <section class="card function" aria-labelledby="function-title">
      <h2 id="function-title">Function</h2>
      <label class="field">
        <span>choose</span>
        <select value={chosen} onChange={({ currentTarget: { value } }) => take(value)}>
          {!offered.planes.includes(chosen) && !offered.lines.includes(chosen) && (
            <option value={chosen}>as typed</option>
          )}
          <optgroup label="Two variables">
            {offered.planes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
          <optgroup label="One variable">
            {offered.lines.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
        </select>
      </label>
      <label class="field">
        <span>or type</span>
        <input
          type="text"
          class="formula"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          aria-invalid={wrong.value !== undefined}
          aria-describedby="formula-hint"
          value={typed.value}
          onInput={({ currentTarget: { value } }) => {
            typed.value = value;
            clearTimeout(later.current);
            later.current = setTimeout(take, pause, value);
          }}
          onChange={({ currentTarget: { value } }) => take(value)}
        />
      </label>
      <div id="formula-hint" class="hint">
        {wrong.value === undefined ? (
          <p class="soft">
            {known === undefined
              ? 'of x, or of x and y: x^2 + 3y^4 − x*y, sin, exp, log, sqrt …'
              : known.sentence}
          </p>
        ) : (
          <Caret wrong={wrong.value} />
        )}
      </div>
      {Object.keys(options).length > 0 && (
        <Options
          call={{ name: definition.name, options: given, text }}
          options={options}
          change={(call) => take(typedList([{ ...call, name: chosen }]))}
        />
      )}
      <div class="field">
        <span>start</span>
        <span class="coordinates">
          {study.value.start.map((value, i) => (
            <input
              key={i}
              type="number"
              step="any"
              aria-label={`start, ${i === 0 ? 'x' : 'y'}`}
              value={value}
              onChange={({ currentTarget }) => {
                const next = Number(currentTarget.value);
                if (currentTarget.value.trim() === '' || !Number.isFinite(next))
                  currentTarget.value = String(value);
                else change({ start: study.value.start.with(i, next), step: 0 });
              }}
            />
          ))}
        </span>
      </div>
      <p class="soft sentence">{minimaOf(subject.value)}</p>
    </section>
  );
}

/** Another function: where it starts by itself, seen whole. */
function choose({ text, definition, n, options }: Subject): void {
  const named = Object.keys(options).length > 0 || functions.has(text);
  const { start } = study.value;
  const same = text.replace(/\(.*/, '') === study.value.f.replace(/\(.*/, '');
  const keep = start.length === n && (!named || same);
  change({ f: text, start: keep ? start : Array.from(definition.start), step: 0, view: undefined });
}

function Caret({ wrong: { text, reason, position } }: { readonly wrong: Wrong }) {
  return (
    <div class="wrong" role="alert">
      {position !== undefined && (
        <pre aria-hidden="true">
          {text}
          {'\n'}
          {' '.repeat(position)}^
        </pre>
      )}
      <p>{position === undefined ? reason : `${reason}, at character ${position + 1}`}</p>
    </div>
  );
}

function minimaOf({ minima }: Subject): string {
  if (minima.length === 0) return 'Its minima are not known: f* is the least value found.';
  const values = [...new Set(minima.map(({ value }) => number(value)))];
  const many = minima.length === 1 ? 'One minimum' : `${minima.length} minima`;
  return `${many} marked ×, f* = ${values[0]}.`;
}
