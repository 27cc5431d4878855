import { useSignal } from '@preact/signals';
import { type PanelKind, startsLogarithmic } from '../charts/panels.js';
import { count, duration } from '../data/format.js';
import { Chart } from './chart.js';
import { curveOf } from './closer.js';
import { across, calmRevision, cursor, record, span, visible } from './state.js';
import { Swatch } from './swatch.js';

/** One quantity: its curves, and under the title what each method reads at the crosshair or at the end. */
export function Panel({ kind }: { readonly kind: PanelKind }) {
  const chosen = useSignal<boolean | undefined>(undefined);
  calmRevision.value;
  const title = titleOf(kind);
  const log = chosen.value ?? startsLogarithmic(kind, record.methods);
  const measuring = visible.value.filter((method) => kind.curve(record.methods[method]!) !== undefined);
  const readings = measuring.map((method) => ({
    method,
    label: record.methods[method]!.description.label,
    value: reading(method, kind),
  }));
  const heading = `panel-${kind.id}`;
  const spoken = readings.map(({ label, value }) => `${label} ${kind.format(value)}`).join(', ');
  return (
    <section class={`panel panel-${kind.id}`} aria-labelledby={heading}>
      <header class="panel-head">
        <h2 id={heading} title={kind.meaning}>
          {title}
          {kind.unit && <span class="unit"> {kind.unit}</span>}
        </h2>
        <output class="place">{place()}</output>
        {kind.log && (
          <button
            type="button"
            class="small"
            aria-pressed={log}
            aria-label={`Logarithmic axis for ${title}`}
            onClick={() => {
              chosen.value = !log;
            }}
          >
            log
          </button>
        )}
      </header>
      <ul class="readings" data-whole={record.ofFunction} aria-label={`${title} of each method`}>
        {readings.map(({ method, label, value }) => (
          <li key={method}>
            <Swatch method={method} />
            <span class="soft" title={label}>
              {label}
            </span>
            <span class="value" data-odd={value !== undefined && !Number.isFinite(value)}>
              {kind.format(value)}
            </span>
          </li>
        ))}
      </ul>
      <Chart kind={kind} title={title} log={log} reading={spoken} />
    </section>
  );
}

/** The loss of a function is its value. */
function titleOf({ id, title }: PanelKind): string {
  return id === 'loss' && record.ofFunction ? 'Value' : title;
}

/** Where the readings were taken. */
function place(): string {
  const at = cursor.value;
  if (at === undefined) return '';
  return across.value === 'steps' ? `step ${count(at)}` : duration(at);
}

function reading(method: number, kind: PanelKind): number | undefined {
  const smoothing = kind.sparse ? 1 : span.value;
  const at = cursor.value;
  if (at !== undefined) return curveOf(method, kind)?.read(across.value, at, smoothing);
  const { points } = record.methods[method]!;
  if (kind.id === 'loss' && record.ofFunction && points.values.length > 0) return points.values.last;
  const curve = kind.curve(record.methods[method]!);
  return curve === undefined || curve.raw.length === 0
    ? undefined
    : curve.smoothed(smoothing).at(curve.raw.length - 1);
}
