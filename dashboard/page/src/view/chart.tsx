import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { colour } from '../../../plot/colours.js';
import { drawChart, type Look } from '../charts/draw.js';
import type { Frame } from '../charts/frame.js';
import { ink } from '../charts/ink.js';
import type { PanelKind } from '../charts/panels.js';
import type { Pen } from '../charts/pen.js';
import { type Picture, picture } from '../charts/picture.js';
import { Plot } from '../charts/plot.js';
import { theme } from '../style/theme.js';
import {
  active,
  choices,
  filling,
  forward,
  kept,
  logX,
  pin,
  point,
  scaleOf,
  wholeStretch,
  zoomTo,
} from './looking.js';
import { moveCrosshair } from './move-crosshair.js';
import { axisNames, isLogarithmic, isSparse, readingOf, spanOf, subjectsOf } from './readings.js';
import { sightOf } from './sight.js';
import { across, cursor, record, revision, zoom } from './state.js';

interface Props {
  readonly kind: PanelKind;
  readonly title: string;
  /** What the crosshair reads, for those who hear the chart. */
  readonly reading: string;
  /** Told of every picture drawn. */
  readonly drawn: (picture: Picture) => void;
}

/** A pointer farther from every line than this, in pixels, brings none forward. */
const near = 24;

/** The curves of one quantity for all methods shown, with the crosshair under mouse, finger and arrow keys. */
export function Chart({ kind, title, reading, drawn }: Props) {
  const host = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = host.current!;
    const plot = new Plot(element, {
      pointed: (place, height) => {
        active.value = kind.id;
        point(place);
        forward.value = place === undefined ? undefined : nearest(height);
      },
      clicked: pin,
      zoomed: zoomTo,
      wheelZooms: () => filling.value === kind.id || document.activeElement === element,
    });
    const nearest = (height: number) => {
      const log = isLogarithmic(kind);
      const distances = record.methods.flatMap((_, method) => {
        const at =
          subjectsOf(kind).some((subject) => subject.method === method) && readingOf(method, kind, log);
        return at ? [{ method, distance: plot.distance(at.value, height) }] : [];
      });
      const [best] = distances.sort((a, b) => a.distance - b.distance);
      return best !== undefined && best.distance <= near ? best.method : undefined;
    };
    const { inSight, resized, end } = sightOf(element);
    const stopDrawing = effect(() => {
      if (!inSight.value) return;
      revision.value;
      resized.value;
      const view = pictureOf(kind, plot.pixels);
      const look = lookOf(kind);
      const draw = (pen: Pen, frame: Frame) => drawChart(pen, frame, view, look);
      plot.show(
        { axes: view, ink: look.ink, draw },
        {
          label: kind.label,
          bounds: kind.bounds,
          caption: axisNames[across.value],
        },
      );
      drawn(view);
    });
    const stopPointing = effect(() => {
      if (!inSight.value) return;
      revision.value;
      const log = isLogarithmic(kind);
      const readings = subjectsOf(kind).flatMap(({ method, beside }) => {
        const at = beside || cursor.value === undefined ? undefined : readingOf(method, kind, log);
        return at === undefined ? [] : [{ ...at, colour: colour(theme.value, method) }];
      });
      plot.pointAt(cursor.value, readings);
    });
    const stopKeeping = effect(() => {
      if (inSight.value) plot.keep(kept.value);
    });
    return () => {
      stopKeeping();
      end();
      stopPointing();
      stopDrawing();
      plot.destroy();
    };
  }, [kind]);

  const [low, high] = zoom.value ? [zoom.value.low, zoom.value.high] : wholeStretch();
  return (
    <div
      ref={host}
      class="chart"
      role="slider"
      tabIndex={0}
      aria-label={`${title}, crosshair over ${axisNames[across.value]}. Arrow keys move it, Enter pins it, K keeps what it reads, plus and minus zoom, Escape shows all.`}
      aria-valuemin={Math.floor(low)}
      aria-valuemax={Math.ceil(high)}
      aria-valuenow={Math.round(Math.min(high, Math.max(low, cursor.value ?? high)))}
      aria-valuetext={reading}
      onFocus={() => {
        active.value = kind.id;
      }}
      onKeyDown={moveCrosshair}
      onDblClick={() => {
        zoom.value = null;
      }}
    />
  );
}

/** What is drawn of a panel now. */
export function pictureOf(kind: PanelKind, pixels: number): Picture {
  return picture(
    subjectsOf(kind),
    {
      across: across.value,
      span: spanOf(kind),
      log: isLogarithmic(kind),
      logX: logX.value,
      scale: scaleOf(across.value),
      zoom: zoom.value,
      whole: choices.value[kind.id]?.whole === true,
      pixels,
      breaks: across.value === 'seconds' ? record.pauses : [],
    },
    wholeStretch(),
  );
}

export function lookOf(kind: PanelKind): Look {
  const { exact = isSparse(kind), references } = kind;
  return { theme: theme.value, ink: ink(), dots: exact, forward: forward.value, references };
}
