import { Legend, LegendHead } from './legend.js';
import { axesAcross, choosePanel, chosenLogX, hasSeeds, logX, pinned, seedsApart } from './looking.js';
import { axisNames, panels } from './readings.js';
import { across, calmRevision, choose, chosenSpan, cursor, span, zoom } from './state.js';

/** What all charts share: methods shown, x axis, smoothing, zoom. It stays in sight. */
export function Toolbar() {
  calmRevision.value;
  const { dropped } = panels();
  return (
    <div class="toolbar" role="toolbar" aria-label="What the charts show">
      <div class="toolbar-head">
        <LegendHead />
        <div class="settings">
          <label class="across">
            <span class="soft">over</span>
            <select
              value={across.value}
              aria-label="x axis"
              onChange={({ currentTarget }) => choose(currentTarget.value as typeof across.value)}
            >
              {axesAcross.value.map((choice) => (
                <option key={choice} value={choice}>
                  {axisNames[choice]}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            class="small"
            aria-pressed={logX.value}
            aria-label="log x: logarithmic x axis"
            onClick={() => (chosenLogX.value = !logX.value)}
          >
            log x
          </button>
          {hasSeeds.value && (
            <button
              type="button"
              class="small"
              aria-pressed={!seedsApart.value}
              title="Draw runs under several seeds as their median in a band from the least to the greatest"
              onClick={() => (seedsApart.value = !seedsApart.value)}
            >
              seeds as bands
            </button>
          )}
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
          <button
            type="button"
            class="small"
            aria-disabled={zoom.value === null && !pinned.value}
            title="Show the whole run; double-click a chart, or press Escape in it"
            onClick={() => {
              zoom.value = null;
              pinned.value = false;
              cursor.value = undefined;
            }}
          >
            Show all
          </button>
          {dropped.length > 0 && (
            <label class="dropped">
              <span class="sr">Bring a dropped panel back</span>
              <select
                value=""
                onChange={({ currentTarget }) => choosePanel(currentTarget.value, { dropped: undefined })}
              >
                <option value="" disabled>
                  {dropped.length} dropped
                </option>
                {dropped.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
      </div>
      <Legend />
    </div>
  );
}

function spanText(): string {
  return span.value <= 1 ? 'off' : `${span.value} steps`;
}
