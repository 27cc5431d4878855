import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PanelKind } from '../charts/panels.js';
import { Chart } from './chart.js';
import { choices, filling } from './looking.js';
import { PanelMenu } from './panel-menu.js';
import { isLogarithmic, readingOf, spanOf } from './readings.js';
import { calmRevision, record, visible } from './state.js';

interface Props {
  readonly kind: PanelKind;
  /** How much room it takes where nothing was chosen. */
  readonly wide: boolean;
}

/** One quantity: its curves; what they read at the crosshair stands in the legend of the page. */
export function Panel({ kind, wide }: Props) {
  /** Groups of methods whose curves hide each other, in words. */
  const same = useSignal('');
  calmRevision.value;
  const { id, title, unit, meaning, beside } = kind;
  const full = filling.value === id;
  const log = isLogarithmic(kind);
  const heading = `panel-${id}`;
  const spoken = visible.value.flatMap((method) => {
    const at = readingOf(method, kind, log);
    return at ? [`${record.methods[method]!.description.label} ${kind.format(at.value)}`] : [];
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
  const notes = [
    ...(spanOf(kind) > 1 ? ['smoothed'] : []),
    ...(beside === undefined ? [] : [`dotted: ${beside.title}`]),
    ...(kind.rejections ? ['✕ rejected'] : []),
  ];
  return (
    <section
      class={`panel panel-${id}`}
      data-size={choices.value[id]?.size ?? (wide ? 'wide' : 'small')}
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
        <PanelMenu kind={kind} log={log} wide={wide} />
      </header>
      <Chart
        kind={kind}
        title={title}
        reading={spoken.join(', ')}
        drawn={({ alike }) => {
          const label = (method: number) => record.methods[method]!.description.label;
          same.value = alike.map((group) => group.map(label).join(' = ')).join('; ');
        }}
      />
    </section>
  );
}
