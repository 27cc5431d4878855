import { filling, keep, pin, pinned, wholeStretch, zoomTo } from './looking.js';
import { cursor, zoom } from './state.js';

/** The keys of every chart: they move, pin and keep the crosshair, and zoom all charts. */
export function moveCrosshair(event: KeyboardEvent): void {
  const { low, high } = zoom.value ?? { low: wholeStretch()[0], high: wholeStretch()[1] };
  const width = high - low;
  const place = cursor.value ?? high;
  const stride = width * (event.shiftKey ? 0.1 : 0.01);
  const clamp = (value: number) => Math.min(high, Math.max(low, value));
  const zoomBy = (factor: number) => zoomTo(place - (place - low) * factor, place + (high - place) * factor);
  const actions: Record<string, () => void> = {
    ArrowLeft: () => (cursor.value = clamp(place - stride)),
    ArrowRight: () => (cursor.value = clamp(place + stride)),
    Home: () => (cursor.value = low),
    End: () => (cursor.value = high),
    Enter: () => pin(place),
    k: () => keep(place),
    '+': () => zoomBy(0.5),
    '=': () => zoomBy(0.5),
    '-': () => (zoom.value === null ? undefined : zoomBy(2)),
    Escape: () => {
      if (filling.value !== undefined) return void (filling.value = undefined);
      pinned.value = false;
      cursor.value = undefined;
      zoom.value = null;
    },
  };
  const action = event.ctrlKey || event.metaKey ? undefined : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
