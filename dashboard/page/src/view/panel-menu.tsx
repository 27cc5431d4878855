import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { drawChart } from '../charts/draw.js';
import type { PanelKind } from '../charts/panels.js';
import { csvOf, type Figure, pngOf, svgOf } from '../charts/write.js';
import { theme } from '../style/theme.js';
import { lookOf, pictureOf } from './chart.js';
import { drawnMap, mapOf, mappedMethod } from './heat-chart.js';
import { choices, choosePanel, contestantOf, filling } from './looking.js';
import { axisNames, spanOf, subjectsOf } from './readings.js';
import { across, record } from './state.js';

interface Props {
  readonly kind: PanelKind;
  readonly log: boolean;
  readonly wide: boolean;
}

/** What can be done with a panel: its axis, its size, and its files. */
export function PanelMenu({ kind, log, wide }: Props) {
  const open = useSignal(false);
  const host = useRef<HTMLDivElement>(null);
  const { id, title } = kind;
  const usual = wide ? 2 : 1;
  const { whole = false, columns = usual } = choices.value[id] ?? {};
  const full = filling.value === id;

  useEffect(() => {
    if (!open.value) return;
    host.current!.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const away = (event: Event) => {
      if (!host.current?.contains(event.target as Node)) open.value = false;
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open.value]);

  const entries: readonly Entry[] = [
    ...(kind.log ? [{ text: 'Logarithmic', checked: log, act: () => choosePanel(id, { log: !log }) }] : []),
    ...(kind.map
      ? []
      : [
          {
            text: 'Show spikes whole',
            checked: whole,
            act: () => choosePanel(id, { whole: !whole || undefined }),
          },
        ]),
    {
      text: 'Wide',
      checked: columns > 1,
      act: () => choosePanel(id, { columns: columns > 1 ? 1 : 2 }),
    },
    {
      text: 'Full screen',
      checked: full,
      act: () => {
        filling.value = full ? undefined : id;
      },
    },
    { text: 'Drop this panel', act: () => choosePanel(id, { dropped: true }) },
    { text: 'Save as CSV', act: () => save(`${id}.csv`, new Blob([csv(kind, log)], { type: 'text/csv' })) },
    {
      text: 'Save as SVG',
      act: () => save(`${id}.svg`, new Blob([svgOf(figureOf(kind))], { type: 'image/svg+xml' })),
    },
    { text: 'Save as PNG', act: async () => save(`${id}.png`, await pngOf(figureOf(kind))) },
  ];
  const close = () => {
    open.value = false;
    host.current?.querySelector('button')?.focus();
  };
  return (
    <div class="menu" ref={host}>
      {full && (
        <button type="button" class="small" onClick={() => (filling.value = undefined)}>
          Close
        </button>
      )}
      {kind.log && (
        <button
          type="button"
          class="small"
          aria-pressed={log}
          aria-label={`log: logarithmic axis for ${title}`}
          onClick={() => choosePanel(id, { log: !log })}
        >
          log
        </button>
      )}
      <button
        type="button"
        class="small more"
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-label={`More for ${title}`}
        onClick={() => (open.value = !open.value)}
      >
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill="currentColor">
          <circle cx="2" cy="7" r="1.4" />
          <circle cx="7" cy="7" r="1.4" />
          <circle cx="12" cy="7" r="1.4" />
        </svg>
      </button>
      {open.value && (
        <div class="menu-list" role="menu" aria-label={title} onKeyDown={(event) => move(event, close)}>
          {entries.map(({ text, checked, act }) => (
            <button
              type="button"
              key={text}
              {...(checked === undefined
                ? { role: 'menuitem' as const }
                : { role: 'menuitemcheckbox' as const, 'aria-checked': checked })}
              tabIndex={-1}
              onClick={() => {
                close();
                void act();
              }}
            >
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

interface Entry {
  readonly text: string;
  readonly checked?: boolean;
  readonly act: () => unknown;
}

/** Arrow keys go through the entries, Escape and Tab close. */
function move(event: KeyboardEvent, close: () => void): void {
  const list = event.currentTarget as HTMLElement;
  const items = [...list.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) items.at(to % items.length)?.focus();
  else if (event.key === 'Escape' || event.key === 'Tab') close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function csv(kind: PanelKind, log: boolean): string {
  const curves = subjectsOf(kind).map(({ method, curve, smooth, beside }) => {
    const { label } = contestantOf(method);
    return { name: beside ? `${label} (${kind.beside!.title})` : label, curve, smooth };
  });
  return csvOf(curves, spanOf(kind), log);
}

function figureOf(kind: PanelKind): Figure {
  const style = getComputedStyle(document.documentElement);
  const subjects = subjectsOf(kind).filter(({ beside }) => !beside);
  const map = kind.map && mapOf(kind);
  const look = { ...lookOf(kind), forward: undefined };
  const view = pictureOf(kind, 1800);
  const methods = kind.map ? [mappedMethod(kind) ?? 0] : subjects.map(({ method }) => method);
  return {
    title: `${record.started!.problem}: ${kind.title.toLowerCase()}${kind.unit ? `, ${kind.unit}` : ''}`,
    drawn: kind.map
      ? drawnMap(kind, map)
      : { axes: view, ink: look.ink, draw: (pen, frame) => drawChart(pen, frame, view, look) },
    theme: theme.value,
    settings: {
      label: kind.label,
      bounds: kind.bounds,
      caption: axisNames[across.value],
      ...(kind.map && { ticks: map?.ticks ?? [] }),
    },
    names: methods.map((method) => ({ method, name: contestantOf(method).label })),
    ground: style.getPropertyValue('--card').trim(),
    text: style.getPropertyValue('--ink').trim(),
  };
}

function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${record.started!.run}-${name}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
