import { Legend } from './legend.js';
import { across, calmRevision, choose, chosenSpan, record, span, zoom } from './state.js';

/** From more methods than these on, their names have lines of their own. */
const many = 6;

/** What all charts share: methods shown, x axis, smoothing, zoom. */
export function Toolbar() {
  calmRevision.value;
  return (
    <div
      class="toolbar"
      data-many={record.methods.length > many}
      role="toolbar"
      aria-label="What the charts show"
    >
      <Legend />
      <div class="settings">
        {zoom.value && (
          <button
            type="button"
            onClick={() => {
              zoom.value = null;
            }}
          >
            Show all
          </button>
        )}
        <fieldset class="segments">
          <legend class="sr">x axis</legend>
          {(['steps', 'seconds'] as const).map((choice) => (
            <label key={choice}>
              <input
                type="radio"
                name="across"
                checked={across.value === choice}
                onChange={() => choose(choice)}
              />
              <span>{choice}</span>
            </label>
          ))}
        </fieldset>
        <label class="smoothing">
          <span class="soft">smoothing</span>
          <input
            type="range"
            min="0"
            max="3"
            step="0.05"
            value={Math.log10(span.value)}
            aria-valuetext={spanText()}
            onInput={({ currentTarget }) => {
              chosenSpan.value = Math.round(10 ** Number(currentTarget.value));
            }}
          />
          <output>{spanText()}</output>
        </label>
      </div>
    </div>
  );
}

function spanText(): string {
  return span.value <= 1 ? 'off' : `${span.value} steps`;
}
