import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { colour } from '../../../plot/colours.js';
import { drawHeat } from '../charts/draw-heat.js';
import { columnAt, type HeatMap } from '../charts/heat.js';
import { ink } from '../charts/ink.js';
import type { PanelKind } from '../charts/panels.js';
import { type Drawn, Plot } from '../charts/plot.js';
import { theme } from '../style/theme.js';
import {
  active,
  filling,
  inspected,
  inspectedPart,
  logX,
  pin,
  point,
  scaleOf,
  wholeStretch,
  zoomTo,
} from './looking.js';
import { moveCrosshair } from './move-crosshair.js';
import { axisNames, placeText } from './readings.js';
import { sightOf } from './sight.js';
import { across, cursor, record, revision, visible, zoom } from './state.js';

interface Props {
  readonly kind: PanelKind;
  readonly title: string;
  /** Told what the shades stand for, or what lies under the pointer. */
  readonly tell: (text: string) => void;
}

/** A list of one method over time, as a map. */
export function HeatChart({ kind, title, tell }: Props) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current!;
    let map: HeatMap | undefined;
    /** To be seen in the panel's head, and heard as the value of the map. */
    const say = (text: string) => {
      tell(text);
      element.setAttribute('aria-valuetext', text);
    };
    const cell = (place: number, row: number) => {
      const column = map === undefined ? -1 : columnAt(map, place);
      if (map === undefined || column < 0 || !(row >= 0 && row < map.rows)) return map?.scale ?? '';
      return `${placeText(map.places[column]!)} · ${map.told(column, row)}`;
    };
    const spot = (place: number, height: number) => cell(place, Math.floor(plot.valueAt(height)));
    /** From the keyboard: the row that is read, which the arrows up and down move. */
    let row = 0;
    const onKey = (event: KeyboardEvent) => {
      if (map === undefined) return;
      const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (up === undefined) moveCrosshair(event);
      else {
        row = Math.min(map.rows - 1, Math.max(0, row + up));
        event.preventDefault();
      }
      say(cursor.value === undefined ? map.scale : cell(cursor.value, row));
    };
    element.addEventListener('keydown', onKey);
    const plot = new Plot(element, {
      pointed: (place, height) => {
        active.value = kind.id;
        point(place);
        say(place === undefined ? (map?.scale ?? '') : spot(place, height));
      },
      clicked: pin,
      zoomed: zoomTo,
      wheelZooms: () => filling.value === kind.id || document.activeElement === element,
    });
    const { inSight, resized, end } = sightOf(element);
    const stopDrawing = effect(() => {
      if (!inSight.value) return;
      revision.value;
      resized.value;
      map = mapOf(kind);
      plot.show(drawnMap(kind, map), { caption: axisNames[across.value], ticks: map?.ticks ?? [] });
      say(map?.scale ?? '');
    });
    const stopPointing = effect(() => {
      if (inSight.value) plot.pointAt(cursor.value, []);
    });
    return () => {
      element.removeEventListener('keydown', onKey);
      end();
      stopPointing();
      stopDrawing();
      plot.destroy();
    };
  }, [kind]);
  return (
    <div
      ref={host}
      class="chart map"
      role="slider"
      tabIndex={0}
      aria-label={`${title}: ${kind.meaning ?? ''}. Arrow keys choose a cell.`}
      aria-valuenow={0}
      onFocus={() => {
        active.value = kind.id;
      }}
    />
  );
}

/** The method whose lists the maps show: the one chosen, else the first that is shown and has any. */
export function mappedMethod(kind: PanelKind): number | undefined {
  const having = methodsMapped(kind);
  return having.find((method) => method === inspected.value) ?? having[0];
}

/** The methods shown that have anything for a map. */
export function methodsMapped({ curve }: PanelKind): number[] {
  return visible.value.filter((method) => (curve(record.methods[method]!)?.raw.length ?? 0) > 0);
}

export function mapOf(kind: PanelKind): HeatMap | undefined {
  const method = mappedMethod(kind);
  if (method === undefined) return undefined;
  const [low, high] = stretch();
  return kind.map?.(
    record.methods[method]!,
    { across: across.value, low, high, part: inspectedPart.value },
    record.started?.parameters ?? [],
  );
}

const stretch = (): readonly [number, number] =>
  zoom.value ? [zoom.value.low, zoom.value.high] : wholeStretch();

/** A map with its axes, to be drawn on a canvas or into a file. */
export function drawnMap(kind: PanelKind, map: HeatMap | undefined): Drawn {
  const [low, high] = stretch();
  const method = mappedMethod(kind) ?? 0;
  const hue = colour(theme.value, method);
  return {
    axes: {
      x: [logX.value && low <= 0 ? high / 1000 : low, Math.max(high, low + 1e-9)],
      y: map && [0, map.rows],
      log: false,
      logX: logX.value,
      scale: scaleOf(across.value),
    },
    ink: ink(),
    draw: (pen, frame) => {
      if (map !== undefined) drawHeat(pen, frame, map, hue, ink());
    },
  };
}
