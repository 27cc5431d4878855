import type { Window } from '../../../plot/window.js';
import { type Chart, moved, pointAt, zoomed } from './landscape.js';

/** A drag moves the window, the wheel zooms it with Ctrl or the focus, two fingers pinch it; so do keys. */
export function listenOver(
  host: HTMLElement,
  chart: () => Chart,
  look: (window: Window | undefined) => void,
): () => void {
  const fingers = new Map<number, readonly [number, number]>();
  const windowOf = ({ x, y }: Chart): Window => ({ x0: x.low, x1: x.high, y0: y.low, y1: y.high });
  const at = (event: MouseEvent): [number, number] => {
    const { left, top } = host.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const down = (event: PointerEvent) => {
    fingers.set(event.pointerId, at(event));
    if (event.pointerType === 'mouse') host.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const now = at(event);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    const from = pointAt(chart(), before);
    const to = pointAt(chart(), now);
    if (other !== undefined) {
      const apart = (one: readonly [number, number]) => Math.hypot(one[0] - other[0], one[1] - other[1]);
      look(zoomed(windowOf(chart()), pointAt(chart(), other), apart(before) / Math.max(1, apart(now))));
    } else if (event.pointerType === 'mouse') {
      look(moved(windowOf(chart()), from[0] - to[0], from[1] - to[1]));
    }
  };
  const up = (event: PointerEvent) => fingers.delete(event.pointerId);
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== host) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 30 : 1;
    look(zoomed(windowOf(chart()), pointAt(chart(), at(event)), Math.exp(event.deltaY * unit * 0.003)));
  };
  const key = (event: KeyboardEvent) => {
    const { x, y } = chart();
    const middle = [(x.low + x.high) / 2, (y.low + y.high) / 2] as const;
    const [dx, dy] = [(x.high - x.low) / 10, (y.high - y.low) / 10];
    const actions: Record<string, () => Window | undefined> = {
      '+': () => zoomed(windowOf(chart()), middle, 1 / 1.6),
      '-': () => zoomed(windowOf(chart()), middle, 1.6),
      ArrowLeft: () => moved(windowOf(chart()), -dx, 0),
      ArrowRight: () => moved(windowOf(chart()), dx, 0),
      ArrowUp: () => moved(windowOf(chart()), 0, dy),
      ArrowDown: () => moved(windowOf(chart()), 0, -dy),
      Escape: () => undefined,
    };
    const action = event.ctrlKey || event.metaKey ? undefined : actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    look(action());
  };
  const events = {
    pointerdown: down,
    pointermove: move,
    pointerup: up,
    pointercancel: up,
    keydown: key,
  } as const;
  for (const [name, call] of Object.entries(events)) host.addEventListener(name, call as EventListener);
  host.addEventListener('wheel', wheel, { passive: false });
  return () => {
    for (const [name, call] of Object.entries(events)) host.removeEventListener(name, call as EventListener);
    host.removeEventListener('wheel', wheel);
  };
}
