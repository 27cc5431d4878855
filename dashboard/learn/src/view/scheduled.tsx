import type { ComponentChildren } from 'preact';
import type { Option } from '../../../../src/algebra/option.js';
import type { Call, Value } from '../../../cli/arguments/method-list.js';
import { number } from '../model/format.js';
import { factoriesOf } from '../model/method-choice.js';
import { begunCall, ratesOf } from '../model/schedule-choice.js';
import { step, study } from './state.js';

interface ScheduleChoiceProps {
  readonly name: string;
  readonly option: Option<unknown>;
  readonly given: Value | undefined;
  set(value: Value | undefined): void;
  /** The controls of the schedule's own options. */
  own(call: Call, options: Readonly<Record<string, Option<unknown>>>): ComponentChildren;
}

/** How a number goes on: it stays, or falls by a schedule, which is drawn, with its own options below. */
export function ScheduleChoice({ name, option, given, set, own }: ScheduleChoiceProps) {
  const factories = factoriesOf(option.allows).filter((one) => one.name !== 'constant');
  const call = typeof given === 'object' ? given : undefined;
  const factory = factories.find((one) => one.name === call?.name);
  const rate = typeof given === 'number' ? given : Number(option.default ?? 0.1);
  const steps = Math.max(1, study.value.limit);
  return (
    <div class="made">
      <label class="field" title={`${option.meaning}: ${option.domain}`}>
        <span>{name} over the steps</span>
        <select
          value={factory?.name ?? ''}
          onChange={({ currentTarget: { value } }) => {
            const chosen = factories.find((one) => one.name === value);
            set(chosen && begunCall(chosen, { rate, steps }));
          }}
        >
          <option value="">stays</option>
          {factories.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </label>
      {call && factory && (
        <>
          <Rates call={call} option={option} steps={steps} />
          {own(call, factory.options)}
        </>
      )}
    </div>
  );
}

const size = { width: 220, height: 44, room: 4 };

/** The rate of each step, and the one of the step that is looked at. */
function Rates({
  call,
  option,
  steps,
}: {
  readonly call: Call;
  readonly option: Option<unknown>;
  readonly steps: number;
}) {
  const rates = ratesOf(call, factoriesOf(option.allows), steps);
  if (rates === undefined) return null;
  const most = Math.max(...rates) || 1;
  const x = (k: number) => size.room + (k / Math.max(1, steps - 1)) * (size.width - 2 * size.room);
  const y = (value: number) => size.height - size.room - (value / most) * (size.height - 2 * size.room);
  const now = Math.min(step.value, steps - 1);
  const told = `${number(rates[now], 3)} at step ${now}`;
  return (
    <figure class="rates">
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-label={`from ${number(rates[0], 3)} to ${number(rates[steps - 1], 3)} in ${steps} steps, ${told}`}
      >
        <path class="foot" d={`M${x(0)},${y(0)}H${x(steps - 1)}`} />
        <path d={`M${rates.map((rate, k) => `${x(k).toFixed(1)},${y(rate).toFixed(1)}`).join('L')}`} />
        <circle cx={x(now)} cy={y(rates[now])} r="3" />
      </svg>
      <figcaption class="soft">{told}</figcaption>
    </figure>
  );
}
