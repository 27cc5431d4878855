import { type AdjustableOption, adjustableOptions } from '../../../record/adjustable.js';
import type { Adjustment } from '../../../server/protocol.js';
import { count, number } from '../data/format.js';
import type { MethodRecord } from '../data/method-record.js';
import { Menu } from './menu.js';
import { calmRevision, record } from './state.js';
import { Swatch } from './swatch.js';

const names: Readonly<Record<AdjustableOption, string>> = {
  learningRate: 'learning rate',
  damping: 'damping',
};

/** The own methods of the run that can be adjusted, with what can be. */
export function adjustableMethods(): { readonly method: number; readonly of: MethodRecord }[] {
  return record.methods
    .slice(0, record.ownMethods)
    .map((of, method) => ({ method, of }))
    .filter(({ of }) => of.outcome === undefined && adjustableOptions(of.description).length > 0);
}

/** Learning rate and damping of each method, to be changed from its next step on. */
export function AdjustMenu({ send }: { readonly send: (adjustment: Adjustment) => void }) {
  calmRevision.value;
  return (
    <Menu title="Adjust" class="export adjust">
      {adjustableMethods().flatMap(({ method, of }) =>
        adjustableOptions(of.description).map(([option, begun]) => {
          const last = of.adjustments.findLast((one) => one.option === option);
          const now = last?.value ?? begun;
          return (
            <li key={`${method} ${option}`}>
              <form
                onSubmit={(event) => {
                  event.preventDefault();
                  const value = Number(new FormData(event.currentTarget).get('value'));
                  if (Number.isFinite(value) && value !== now) send({ method, option, value });
                }}
              >
                <label>
                  <Swatch method={method} /> {of.description.label} <span class="soft">{names[option]}</span>
                  <input
                    name="value"
                    inputMode="decimal"
                    aria-label={`${names[option]} of ${of.description.label}`}
                    key={now}
                    defaultValue={String(now)}
                  />
                </label>
                <button type="submit" class="small">
                  Set
                </button>
                <span class="soft">
                  {last === undefined
                    ? `since the start`
                    : `since step ${count(last.step)}, before ${number(before(of, option, begun))}`}
                </span>
              </form>
            </li>
          );
        }),
      )}
    </Menu>
  );
}

/** The value before the last change. */
function before({ adjustments }: MethodRecord, option: string, begun: number): number {
  return adjustments.filter((one) => one.option === option).at(-2)?.value ?? begun;
}
