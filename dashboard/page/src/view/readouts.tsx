import { contestants, keep, kept } from './looking.js';
import { activePanel, isLogarithmic, placeText, readingOf } from './readings.js';
import { SmallTable } from './small-table.js';
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
      <SmallTable
        label="Kept read-outs"
        columns={[
          { id: '', title: kind.title },
          ...kept.value.map((place, i) => ({
            id: place,
            title: (
              <>
                <span class="readout-number">{i + 1}</span> {placeText(place)}{' '}
                <button
                  type="button"
                  class="small"
                  aria-label={`Let ${placeText(place)} go`}
                  onClick={() => keep(place)}
                >
                  ✕
                </button>
              </>
            ),
          })),
        ]}
        rows={shown.map(({ label, members }) => ({
          id: label,
          name: (
            <>
              <Swatch method={members[0]!} /> {label}
            </>
          ),
          title: label,
          cells: kept.value.map((place) => {
            const value = readingOf(members[0]!, kind, log, place)?.value;
            const isOdd = value !== undefined && !Number.isFinite(value);
            return <span data-odd={isOdd}>{kind.format(value)}</span>;
          }),
        }))}
      />
    </div>
  );
}
