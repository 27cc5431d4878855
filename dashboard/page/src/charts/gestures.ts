import type { Frame } from './frame.js';

/** What mouse, fingers and wheel ask of a chart; places are on the x axis. */
export interface Gestures {
  /** The crosshair moved to a place at that height of the chart, or away. */
  readonly pointed: (place: number | undefined, height: number) => void;
  /** A click or tap without a stretch. */
  readonly clicked: (place: number) => void;
  /** From now on the stretch [low, high] is to be seen. */
  readonly zoomed: (low: number, high: number) => void;
  /** Whether the wheel alone zooms, as where there is nothing to scroll. */
  readonly wheelZooms: () => boolean;
}

interface Listening extends Gestures {
  readonly frame: () => Frame | undefined;
  /** The stretch being marked, in pixels; undefined when it is done. */
  readonly marking: (stretch: readonly [number, number] | undefined) => void;
}

/** Moves of fewer pixels are clicks. */
const still = 4;

/**
 * Marking a stretch zooms to it, Shift or the middle button drags it along, two fingers pinch and drag; the wheel
 * zooms with Ctrl, as the pinch of a trackpad comes, and drags with Shift or sideways. Returns what ends it all.
 */
export function listen(host: HTMLElement, on: Listening): () => void {
  const fingers = new Map<number, number>();
  let begun: { x: number; pans: boolean; moved: boolean } | undefined;
  /** Places under two fingers when they came down. */
  let held: readonly [number, number] | undefined;

  const left = (event: MouseEvent) => event.clientX - host.getBoundingClientRect().left;
  const inside = (x: number, { area }: Frame) => Math.min(area.left + area.width, Math.max(area.left, x));

  const down = (event: PointerEvent) => {
    const frame = on.frame();
    if (frame === undefined || event.button > 1) return;
    fingers.set(event.pointerId, left(event));
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()] as [number, number];
      held = [frame.x.at(a), frame.x.at(b)];
      begun = undefined;
      on.marking(undefined);
      return;
    }
    begun = { x: left(event), pans: event.shiftKey || event.button === 1, moved: false };
    host.setPointerCapture(event.pointerId);
    if (event.button === 1) event.preventDefault();
  };

  const move = (event: PointerEvent) => {
    const frame = on.frame();
    if (frame === undefined) return;
    const x = left(event);
    const before = fingers.get(event.pointerId);
    if (before !== undefined) fingers.set(event.pointerId, x);
    if (held !== undefined && fingers.size === 2) {
      const [a, b] = [...fingers.values()] as [number, number];
      if (Math.abs(a - b) > 12) on.zoomed(...pinched(frame, held, [a, b]));
      return;
    }
    if (begun !== undefined && Math.abs(x - begun.x) >= still) begun.moved = true;
    if (begun?.moved && begun.pans && before !== undefined) on.zoomed(...dragged(frame, before - x));
    else if (begun?.moved && event.pointerType === 'mouse') {
      on.marking([inside(begun.x, frame), inside(x, frame)]);
    }
    const { area } = frame;
    const within = x >= area.left - 2 && x <= area.left + area.width + 2;
    on.pointed(within ? frame.x.at(inside(x, frame)) : undefined, heightOf(event, host));
  };

  const up = (event: PointerEvent) => {
    const frame = on.frame();
    fingers.delete(event.pointerId);
    if (fingers.size < 2) held = undefined;
    const start = begun;
    begun = undefined;
    on.marking(undefined);
    if (frame === undefined || start === undefined || event.type === 'pointercancel') return;
    const [from, to] = [start.x, left(event)].map((x) => inside(x, frame)).sort((a, b) => a - b);
    if (!start.moved) on.clicked(frame.x.at(inside(start.x, frame)));
    else if (!start.pans && event.pointerType === 'mouse' && to! - from! >= still) {
      on.zoomed(frame.x.at(from!), frame.x.at(to!));
    }
  };

  const leave = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && begun === undefined) on.pointed(undefined, 0);
  };

  const wheel = (event: WheelEvent) => {
    const frame = on.frame();
    if (frame === undefined) return;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    const zooms = event.ctrlKey || event.metaKey || (on.wheelZooms() && !event.shiftKey);
    if (!zooms && Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 30 : 1;
    if (!zooms) on.zoomed(...dragged(frame, sideways * unit));
    else on.zoomed(...scaled(frame, inside(left(event), frame), Math.exp(event.deltaY * unit * 0.004)));
  };

  host.addEventListener('pointerdown', down);
  host.addEventListener('pointermove', move);
  host.addEventListener('pointerup', up);
  host.addEventListener('pointercancel', up);
  host.addEventListener('pointerleave', leave);
  host.addEventListener('wheel', wheel, { passive: false });
  return () => {
    host.removeEventListener('pointerdown', down);
    host.removeEventListener('pointermove', move);
    host.removeEventListener('pointerup', up);
    host.removeEventListener('pointercancel', up);
    host.removeEventListener('pointerleave', leave);
    host.removeEventListener('wheel', wheel);
  };
}

const heightOf = (event: MouseEvent, host: HTMLElement) => event.clientY - host.getBoundingClientRect().top;

/** The stretch seen after a drag to the left by some pixels. */
function dragged(frame: Frame, pixels: number): readonly [number, number] {
  const { x } = frame;
  return [x.at(x.from + pixels), x.at(x.to + pixels)];
}

/** The stretch seen when what lies at a pixel stays there and all else comes nearer to it or moves away. */
function scaled(frame: Frame, pixel: number, factor: number): readonly [number, number] {
  const { x } = frame;
  return [x.at(pixel + (x.from - pixel) * factor), x.at(pixel + (x.to - pixel) * factor)];
}

/** The stretch in which two places lie under two fingers. */
function pinched(
  frame: Frame,
  [a, b]: readonly [number, number],
  fingers: readonly [number, number],
): readonly [number, number] {
  const { x } = frame;
  const [p, q] = [x.place(a), x.place(b)];
  const factor = (q - p) / (fingers[1] - fingers[0]);
  return [x.at(p + (x.from - fingers[0]) * factor), x.at(p + (x.to - fingers[0]) * factor)];
}
