import { contestants, keep, kept } from './looking.js';
import { activePanel, isLogarithmic, placeText, readingOf } from './readings.js';
import { calmRevision, hidden } from './state.js';
import { Swatch } from './swatch.js';

/** What the methods read at the places that are kept, of the panel that the legend reads. */
export function Readouts() {
  calmRevision.value;
  const kind = activePanel();
  if (kept.value.length === 0 || kind === undefined) return null;
  const log = isLogarithmic(kind);
  const shown = contestants.value.filter(({ members }) => members.some((one) => !hidden.value.has(one)));
  return (
    <div class="methods readouts">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too */}
      <section class="scroll" aria-label="Kept read-outs" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{kind.title}</th>
              {kept.value.map((place, i) => (
                <th key={place} scope="col">
                  <span class="readout-number">{i + 1}</span> {placeText(place)}{' '}
                  <button
                    type="button"
                    class="small"
                    aria-label={`Let ${placeText(place)} go`}
                    onClick={() => keep(place)}
                  >
                    ✕
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ label, members }) => (
              <tr key={label}>
                <th scope="row">
                  <Swatch method={members[0]!} /> {label}
                </th>
                {kept.value.map((place) => {
                  const value = readingOf(members[0]!, kind, log, place)?.value;
                  return (
                    <td key={place} data-odd={value !== undefined && !Number.isFinite(value)}>
                      {kind.format(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
