import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PanelKind } from '../charts/panels.js';
import { ends, picture, type Subject } from '../charts/picture.js';
import { Plot } from '../charts/plot.js';
import { curveOf } from './closer.js';
import { across, cursor, hidden, record, revision, span, theme, zoom } from './state.js';

interface Props {
  readonly kind: PanelKind;
  readonly title: string;
  readonly log: boolean;
  /** What the crosshair reads, for those who hear the chart. */
  readonly reading: string;
}

/** The curves of one quantity for all methods shown, with the crosshair under mouse, finger and arrow keys. */
export function Chart({ kind, title, log, reading }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chosenTheme = theme.value;

  useEffect(() => {
    const element = host.current!;
    const plot = new Plot(element, {
      log,
      theme: chosenTheme,
      label: kind.label,
      bounds: kind.bounds,
      dots: kind.sparse === true,
      pointed: (place) => {
        cursor.value = place;
      },
      zoomed: (low, high) => {
        zoom.value = { low, high };
      },
    });
    const stopDrawing = effect(() => {
      revision.value;
      const shown = subjects(kind).filter(({ method }) => !hidden.value.has(method));
      const stretch = wholeStretch();
      plot.show(
        picture(
          shown,
          {
            across: across.value,
            span: kind.sparse ? 1 : span.value,
            log,
            zoom: zoom.value,
            pixels: plot.pixels,
          },
          stretch,
        ),
      );
      plot.pointAt(cursor.peek());
    });
    const stopPointing = effect(() => plot.pointAt(cursor.value));
    const observer = new ResizeObserver(() => {
      plot.resize(element.clientWidth, element.clientHeight);
      revision.value++;
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      stopPointing();
      stopDrawing();
      plot.destroy();
    };
  }, [kind, log, chosenTheme]);

  const [low, high] = zoom.value ? [zoom.value.low, zoom.value.high] : wholeStretch();
  return (
    <div
      ref={host}
      class="chart"
      role="slider"
      tabIndex={0}
      aria-label={`${title}, crosshair over ${across.value}. Arrow keys move it, plus and minus zoom, Escape shows all.`}
      aria-valuemin={Math.floor(low)}
      aria-valuemax={Math.ceil(high)}
      aria-valuenow={Math.round(cursor.value ?? high)}
      aria-valuetext={reading}
      onKeyDown={onKey}
      onDblClick={() => {
        zoom.value = null;
      }}
    />
  );
}

function subjects(kind: PanelKind): Subject[] {
  return record.methods.flatMap((of, method) => {
    const curve = curveOf(method, kind);
    return curve === undefined ? [] : [{ method, curve, bands: kind.bands?.(of) ?? [] }];
  });
}

/** All charts show the same stretch: that of the steps, so that one crosshair fits them all. */
function wholeStretch(): readonly [number, number] {
  const loss = record.methods.map(({ curves }, method) => ({ method, curve: curves.loss, bands: [] }));
  const shown = loss.filter(({ method }) => !hidden.value.has(method));
  return ends(shown, across.value) ?? [0, 1];
}

function onKey(event: KeyboardEvent): void {
  const { low, high } = zoom.value ?? { low: wholeStretch()[0], high: wholeStretch()[1] };
  const width = high - low;
  const place = cursor.value ?? high;
  const stride = width * (event.shiftKey ? 0.1 : 0.01);
  const clamp = (value: number) => Math.min(high, Math.max(low, value));
  const zoomBy = (factor: number) => {
    zoom.value = { low: place - (place - low) * factor, high: place + (high - place) * factor };
  };
  const actions: Record<string, () => void> = {
    ArrowLeft: () => (cursor.value = clamp(place - stride)),
    ArrowRight: () => (cursor.value = clamp(place + stride)),
    Home: () => (cursor.value = low),
    End: () => (cursor.value = high),
    '+': () => zoomBy(0.5),
    '=': () => zoomBy(0.5),
    '-': () => (zoom.value === null ? undefined : zoomBy(2)),
    Escape: () => {
      cursor.value = undefined;
      zoom.value = null;
    },
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
