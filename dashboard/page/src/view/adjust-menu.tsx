import { adjustableOptions } from '../../../record/adjustable.js';
import type { Adjustment } from '../../../server/protocol.js';
import type { MethodRecord } from '../data/method-record.js';
import { AdjustForm } from './adjust-form.js';
import { Menu } from './menu.js';
import { calmRevision, record } from './state.js';
import { Swatch } from './swatch.js';

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
        adjustableOptions(of.description).map(([option]) => (
          <li key={`${method} ${option}`}>
            <AdjustForm method={method} option={option} send={send}>
              <Swatch method={method} /> {of.description.label}
            </AdjustForm>
          </li>
        )),
      )}
    </Menu>
  );
}
