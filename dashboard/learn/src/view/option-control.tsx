import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Option } from '../../../../src/algebra/option.js';
import { shownDefault } from '../../../../src/algebra/option.js';
import type { Call, Value } from '../../../cli/arguments/method-list.js';
import { callOf, factoriesOf, partsOf, valuesOf, withOption } from '../model/method-choice.js';
import { begunCall } from '../model/schedule-choice.js';
import { sliderOf } from '../model/slider.js';
import { ScheduleChoice } from './scheduled.js';
import { study } from './state.js';

interface OptionsProps {
  /** What is made, by name, with the options given. */
  readonly call: Call;
  readonly options: Readonly<Record<string, Option<unknown>>>;
  change(call: Call): void;
}

/** A control for each option of a method, a search or a function, made from its description. */
export function Options({ call, options, change }: OptionsProps) {
  return (
    <div class="options">
      {Object.keys(options).map((name) => (
        <Control key={name} {...{ name, options, call, change }} />
      ))}
    </div>
  );
}

function Control({ name, options, call, change }: OptionsProps & { readonly name: string }) {
  const option = options[name];
  const parts = partsOf(option.allows);
  const given = call.options[name];
  const set = (value: Value | undefined) => change(withOption(call, name, value));
  const number = parts.find((part) => part.kind === 'number');
  const words = parts.flatMap((part) => (part.kind === 'words' ? part.words : []));
  const factories = factoriesOf(option.allows);
  if (factories.length > 0 && number === undefined) return <Made {...{ name, option, given, set }} />;
  if (parts.some(({ kind }) => kind === 'flag')) {
    return (
      <label class="field" title={`${option.meaning}: ${option.domain}`}>
        <span>{name}</span>
        <input
          type="checkbox"
          checked={(given ?? option.default) === true}
          onChange={({ currentTarget: { checked } }) => set(checked === option.default ? undefined : checked)}
        />
      </label>
    );
  }
  const value = given ?? (option.default as Value | undefined);
  const word = typeof value === 'string' ? value : 'number';
  return (
    <>
      {words.length > 0 && (
        <label class="field" title={`${option.meaning}: ${option.domain}`}>
          <span>{name}</span>
          <select
            value={word}
            onChange={({ currentTarget: { value: chosen } }) => {
              if (chosen === 'number') set(0.5);
              else set(chosen === option.default ? undefined : chosen);
            }}
          >
            {words.map((one) => (
              <option key={one}>{one}</option>
            ))}
            {number && <option value="number">a number</option>}
          </select>
        </label>
      )}
      {number && typeof given !== 'object' && (words.length === 0 || word === 'number') && (
        <NumberField
          {...{ name, options, call, set }}
          value={typeof value === 'number' ? value : Number.NaN}
          bare={words.length > 0}
        />
      )}
      {number && factories.length > 0 && (
        <ScheduleChoice
          {...{ name, option, given, set }}
          own={(schedule, own) => <Options call={schedule} options={own} change={set} />}
        />
      )}
    </>
  );
}

interface NumberProps extends Pick<OptionsProps, 'call' | 'options'> {
  readonly name: string;
  readonly value: number;
  /** Its name stands above already. */
  readonly bare: boolean;
  set(value: Value | undefined): void;
}

/** A number, typed or by a slider; what is not allowed is told, and not taken. */
function NumberField({ name, options, call, value, bare, set }: NumberProps) {
  const option = options[name];
  const others = valuesOf(call, options);
  const wrong = useSignal<string | undefined>(undefined);
  const id = useId();
  const slider = sliderOf(option, others);
  const take = (next: number) => {
    try {
      option.check(call.name, name, next, others);
      wrong.value = undefined;
      set(next === option.default ? undefined : next);
    } catch (error) {
      wrong.value = (error as Error).message;
    }
  };
  return (
    <div class="field number" title={`${option.meaning}: ${option.domain}`}>
      <label for={id}>{bare ? '' : name}</label>
      {slider && (
        <input
          type="range"
          aria-label={`${call.name} ${name}`}
          min="0"
          max="1000"
          value={Math.round(1000 * slider.position(value))}
          aria-valuetext={String(value)}
          onInput={({ currentTarget }) => take(slider.value(Number(currentTarget.value) / 1000))}
        />
      )}
      <input
        id={id}
        type="number"
        step="any"
        aria-label={`${call.name} ${name}`}
        aria-invalid={wrong.value !== undefined}
        aria-describedby={wrong.value === undefined ? undefined : `${id}-wrong`}
        placeholder={shownDefault(option.default) === 'Infinity' ? '∞' : shownDefault(option.default)}
        value={Number.isFinite(value) ? value : ''}
        onChange={({ currentTarget: { value: typed } }) => {
          if (typed.trim() !== '') return take(Number(typed));
          wrong.value = undefined;
          set(undefined);
        }}
      />
      {wrong.value !== undefined && (
        <p class="wrong" id={`${id}-wrong`} role="alert">
          {wrong.value}
        </p>
      )}
    </div>
  );
}

interface MadeProps {
  readonly name: string;
  readonly option: Option<unknown>;
  readonly given: Value | undefined;
  set(value: Value | undefined): void;
}

/** One of several factories, such as line searches, with its own options below. */
function Made({ name, option, given, set }: MadeProps) {
  const factories = factoriesOf(option.allows);
  const standard =
    (option.default as { readonly name: string; readonly options?: Call['options'] }) ?? factories[0];
  const call: Call = typeof given === 'object' ? given : { ...callOf(standard.name), options: differing() };
  const factory = factories.find((one) => one.name === call.name) ?? factories[0];
  /** Of the default's options those that are not its factory's own defaults: fixedStep(0.3). */
  function differing(): Call['options'] {
    const own = factories.find((one) => one.name === standard.name)?.options ?? {};
    return Object.fromEntries(
      Object.entries(standard.options ?? {}).filter(([key, value]) => own[key] && own[key].default !== value),
    );
  }
  /** With a value for each option that has to be given. */
  const begunOf = (chosen: string) =>
    begunCall(factories.find((one) => one.name === chosen)!, { rate: 0.1, steps: study.value.limit });
  return (
    <div class="made">
      <label class="field" title={`${option.meaning}: ${option.domain}`}>
        <span>{name}</span>
        <select
          value={call.name}
          onChange={({ currentTarget: { value } }) =>
            set(value === standard.name && option.default !== undefined ? undefined : begunOf(value))
          }
        >
          {factories.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </label>
      {Object.keys(factory.options).length > 0 && (
        <Options call={call} options={factory.options} change={(next) => set(next)} />
      )}
    </div>
  );
}
