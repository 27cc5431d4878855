import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { playing } from './state.js';

/**
 * Lets the start follow the pointer: pressed or dragged with a mouse anywhere, with a finger on its handle; a tap
 * brings it there. A finger that moves beside the handle scrolls the page.
 *
 * @param place takes a place in pixels of the picture
 */
export function useStartPointer(
  host: RefObject<HTMLDivElement | null>,
  place: (left: number, top: number) => void,
): Signal<boolean> {
  const dragging = useSignal(false);
  const placed = useRef(place);
  placed.current = place;
  useEffect(() => {
    const picture = host.current!;
    const move = (event: MouseEvent) => {
      const box = picture.getBoundingClientRect();
      placed.current(event.clientX - box.left, event.clientY - box.top);
    };
    const isHandle = ({ target }: Event) => (target as Element).closest('.start') !== null;
    const listen = {
      pointerdown(event: PointerEvent) {
        if (event.button !== 0 || (event.pointerType !== 'mouse' && !isHandle(event))) return;
        event.preventDefault();
        picture.setPointerCapture(event.pointerId);
        playing.value = false;
        dragging.value = true;
        picture.querySelector<HTMLElement>('.start')?.focus({ preventScroll: true });
        if (!isHandle(event)) move(event);
      },
      pointermove(event: PointerEvent) {
        if (dragging.value) move(event);
      },
      pointerup: () => {
        dragging.value = false;
      },
      pointercancel: () => {
        dragging.value = false;
      },
      click(event: PointerEvent) {
        if (event.pointerType === 'mouse' || isHandle(event) || event.detail === 0) return;
        playing.value = false;
        move(event);
      },
    };
    for (const [name, listener] of Object.entries(listen)) {
      picture.addEventListener(name, listener as EventListener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listen)) {
        picture.removeEventListener(name, listener as EventListener);
      }
    };
  }, []);
  return dragging;
}
