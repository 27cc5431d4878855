import { wordsFor } from '../../../record/outcome-words.js';
import { calmRevision, hidden, record, solo, toggle } from './state.js';
import { Swatch } from './swatch.js';

/** Which methods are shown: a name hides or shows its method, "only" shows it alone. */
export function Legend() {
  calmRevision.value;
  return (
    <ul class="legend" aria-label="Methods shown">
      {record.methods.map(({ description: { label }, outcome }, method) => (
        <li key={method}>
          <button
            type="button"
            class="chip"
            aria-pressed={!hidden.value.has(method)}
            title={hidden.value.has(method) ? `Show ${label}` : `Hide ${label}`}
            onClick={() => toggle(method)}
          >
            <Swatch method={method} />
            {label}
            {outcome && wordsFor(outcome).failed && <span class="trouble">✕</span>}
          </button>
          {record.methods.length > 1 && (
            <button type="button" class="only" aria-label={`Show ${label} only`} onClick={() => solo(method)}>
              only
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
