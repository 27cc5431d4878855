import { wordsFor } from '../../../record/outcome-words.js';
import { contestants, forward, keep, kept, pinned } from './looking.js';
import { activePanel, isLogarithmic, placeText, readingOf, spanOf } from './readings.js';
import { calmRevision, cursor, hidden, record, solo, toggle } from './state.js';
import { Swatch } from './swatch.js';

/** Which panel the legend reads, and where. */
export function LegendHead() {
  calmRevision.value;
  const kind = activePanel();
  return (
    <p class="legend-head soft">
      <strong>{kind?.title}</strong>
      {kind !== undefined && spanOf(kind) > 1 && ' smoothed'}
      <output>{cursor.value === undefined ? 'newest' : placeText(cursor.value)}</output>
      {pinned.value && ' pinned'}
      {pinned.value && cursor.value !== undefined && !kept.value.includes(cursor.value) && (
        <button
          type="button"
          class="small"
          title="Keeps what is read here beside the crosshair; K in a chart does the same"
          onClick={() => keep(cursor.value!)}
        >
          Keep
        </button>
      )}
    </p>
  );
}

/** The one legend of the page: which line is whose, what it reads at the crosshair, and which methods are shown. */
export function Legend() {
  calmRevision.value;
  const kind = activePanel();
  const log = kind !== undefined && isLogarithmic(kind);
  return (
    <ul class="legend" aria-label="Methods shown" onPointerLeave={() => (forward.value = undefined)}>
      {contestants.value.map(({ label, members }) => {
        const method = members[0]!;
        const shown = members.some((one) => !hidden.value.has(one));
        const failed = members.some((one) => {
          const { outcome } = record.methods[one]!;
          return outcome !== undefined && wordsFor(outcome).failed;
        });
        const reading = shown && kind ? readingOf(method, kind, log) : undefined;
        return (
          <li
            key={method}
            data-forward={forward.value === method}
            onPointerEnter={() => (forward.value = shown ? method : undefined)}
            onFocusCapture={() => (forward.value = shown ? method : undefined)}
            onBlurCapture={() => (forward.value = undefined)}
          >
            <button
              type="button"
              class="chip"
              aria-pressed={shown}
              title={shown ? `Hide ${label}` : `Show ${label}`}
              onClick={() => {
                forward.value = undefined;
                toggle(members);
              }}
            >
              <Swatch method={method} />
              <span class="name">{label}</span>
              {members.length > 1 && (
                <span class="soft" title={`${members.length} seeds`}>
                  ×{members.length}
                </span>
              )}
              {failed && <span class="trouble">✕</span>}
              <span class="value" data-odd={reading && !Number.isFinite(reading.value)}>
                {shown && kind?.format(reading?.value)}
              </span>
            </button>
            {contestants.value.length > 1 && (
              <button
                type="button"
                class="only"
                aria-label={`Show ${label} only`}
                title={`Show ${label} only; once more for all`}
                onClick={() => solo(members)}
              >
                <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                  <circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.4" />
                  <circle cx="7" cy="7" r="2.2" fill="currentColor" />
                </svg>
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
