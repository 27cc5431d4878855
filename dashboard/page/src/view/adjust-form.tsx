import { useSignal } from '@preact/signals';
import { type AdjustableOption, adjustableOptions } from '../../../record/adjustable.js';
import type { Adjustment } from '../../../server/protocol.js';
import { count, number } from '../data/format.js';
import type { MethodRecord } from '../data/method-record.js';
import { record } from './state.js';

export const optionNames: Readonly<Record<AdjustableOption, string>> = {
  learningRate: 'learning rate',
  damping: 'damping',
};

interface Props {
  readonly method: number;
  readonly option: AdjustableOption;
  readonly send: (adjustment: Adjustment) => void;
  readonly children?: preact.ComponentChildren;
}

/** One option of a method, to be changed from its next step on. */
export function AdjustForm({ method, option, send, children }: Props) {
  const of = record.methods[method]!;
  const begun = adjustableOptions(of.description).find(([name]) => name === option)?.[1] ?? Number.NaN;
  const last = of.adjustments.findLast((one) => one.option === option);
  const now = last?.value ?? begun;
  const wrong = useSignal('');
  return (
    <form
      class="adjusting"
      onSubmit={(event) => {
        event.preventDefault();
        const text = String(new FormData(event.currentTarget).get('value')).trim();
        const value = text === '' ? Number.NaN : Number(text);
        wrong.value = Number.isFinite(value) ? '' : `expected a number, got '${text}'`;
        if (Number.isFinite(value) && value !== now) send({ method, option, value });
      }}
    >
      <label>
        {children} <span class="soft">{optionNames[option]}</span>
        <input
          name="value"
          inputMode="decimal"
          aria-label={`${optionNames[option]} of ${of.description.label}`}
          key={now}
          defaultValue={String(now)}
        />
      </label>
      <button type="submit" class="small">
        Set
      </button>
      {wrong.value && (
        <span class="trouble" role="alert">
          {wrong.value}
        </span>
      )}
      <span class="soft">
        {last === undefined
          ? `since the start`
          : `since step ${count(last.step)}, before ${number(before(of, option, begun))}`}
      </span>
    </form>
  );
}

/** The value before the last change. */
function before({ adjustments }: MethodRecord, option: string, begun: number): number {
  return adjustments.filter((one) => one.option === option).at(-2)?.value ?? begun;
}
