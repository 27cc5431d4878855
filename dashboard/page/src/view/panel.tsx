import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PanelKind } from '../charts/panels.js';
import { Chart } from './chart.js';
import { HeatChart, mappedMethod, methodsMapped } from './heat-chart.js';
import { choices, contestantOf, contestants, filling, inspected, inspectedPart } from './looking.js';
import { PanelGrip } from './panel-grip.js';
import { PanelMenu } from './panel-menu.js';
import { isLogarithmic, readingOf, spanOf } from './readings.js';
import { calmRevision, record } from './state.js';

interface Props {
  readonly kind: PanelKind;
  /** How much room it takes where nothing was chosen. */
  readonly wide: boolean;
}

/** One quantity: its curves; what they read at the crosshair stands in the legend of the page. */
export function Panel({ kind, wide }: Props) {
  /** Groups of methods whose curves hide each other, in words. */
  const same = useSignal('');
  /** What a map says of its shades, or of what lies under the pointer. */
  const told = useSignal('');
  calmRevision.value;
  const { id, title, unit, meaning, beside } = kind;
  const full = filling.value === id;
  const usual = wide ? 2 : 1;
  const { columns = usual, height } = choices.value[id] ?? {};
  const log = isLogarithmic(kind);
  const heading = `panel-${id.replaceAll(' ', '-')}`;
  const spoken = contestants.value.flatMap(({ label, members }) => {
    const at = readingOf(members[0]!, kind, log);
    return at ? [`${label} ${kind.format(at.value)}`] : [];
  });
  useEffect(() => {
    if (!full) return;
    // The toolbar stays above a panel that fills the window, however many rows its legend has.
    const root = document.documentElement;
    const toolbar = document.querySelector<HTMLElement>('.toolbar')!;
    const observer = new ResizeObserver(() =>
      root.style.setProperty('--toolbar', `${toolbar.offsetHeight}px`),
    );
    observer.observe(toolbar);
    root.classList.add('filled');
    return () => {
      observer.disconnect();
      root.classList.remove('filled');
    };
  }, [full]);
  const notes = kind.map
    ? [told.value]
    : [
        ...(spanOf(kind) > 1 ? ['smoothed'] : []),
        ...(contestants.value.some(({ members }) => members.length > 1) ? ['median and range of seeds'] : []),
        ...(beside === undefined || !record.has(beside.curve) ? [] : [`dotted: ${beside.title}`]),
        ...(kind.rejections ? ['✕ rejected'] : []),
      ];
  return (
    <section
      class={`panel ${heading}`}
      style={{ '--span': columns, ...(height !== undefined && { '--height': `${height}px` }) }}
      data-full={full}
      aria-labelledby={heading}
    >
      <header class="panel-head">
        <h2 id={heading} title={meaning}>
          {title}
          {unit && <span class="unit"> {unit}</span>}
        </h2>
        <p class="notes soft" title={[...notes, same.value].join(' · ')}>
          {notes.join(' · ')}
          {same.value && (
            <span class="same">
              {notes.length > 0 && ' · '}
              {same.value}
            </span>
          )}
        </p>
        {kind.parts && <InspectedPart parts={kind.parts} title={title} method={mappedMethod(kind)} />}
        {kind.map && <Inspected kind={kind} title={title} />}
        <PanelMenu kind={kind} log={log} wide={wide} />
      </header>
      {kind.map ? (
        <HeatChart kind={kind} title={title} tell={(text) => (told.value = text)} />
      ) : (
        <Chart
          kind={kind}
          title={title}
          reading={spoken.join(', ')}
          drawn={({ alike }) => {
            const label = (method: number) => contestantOf(method).label;
            same.value = alike.map((group) => group.map(label).join(' = ')).join('; ');
          }}
        />
      )}
      {!full && <PanelGrip id={id} title={title} columns={usual} />}
    </section>
  );
}

interface PartProps {
  readonly parts: NonNullable<PanelKind['parts']>;
  readonly title: string;
  readonly method: number | undefined;
}

/** Which parameter a map of histograms shows, where each has one of its own. */
function InspectedPart({ parts, title, method }: PartProps) {
  calmRevision.value;
  const count = method === undefined ? 0 : parts(record.methods[method]!);
  if (count < 2) return null;
  const names = record.started?.parameters ?? [];
  return (
    <select
      class="small"
      aria-label={`Parameters shown in ${title}`}
      value={String(inspectedPart.value < count ? inspectedPart.value : 0)}
      onChange={(event) => (inspectedPart.value = Number(event.currentTarget.value))}
    >
      {Array.from({ length: count }, (_, part) => (
        <option key={part} value={String(part)}>
          {part === 0 ? 'all parameters' : (names[part - 1] ?? `parameter ${part}`)}
        </option>
      ))}
    </select>
  );
}

/** Which method a map shows, where there are several. */
function Inspected({ kind, title }: { readonly kind: PanelKind; readonly title: string }) {
  const having = methodsMapped(kind);
  if (having.length < 2) return null;
  return (
    <select
      class="small"
      aria-label={`Method shown in ${title}`}
      value={String(mappedMethod(kind))}
      onChange={(event) => (inspected.value = Number(event.currentTarget.value))}
    >
      {having.map((method) => (
        <option key={method} value={String(method)}>
          {record.methods[method]!.description.label}
        </option>
      ))}
    </select>
  );
}
