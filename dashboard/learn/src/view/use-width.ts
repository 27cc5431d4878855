import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** The size of an element, which its style sheet decides; 0 before it is known. */
export function useWidth(host: RefObject<HTMLElement | null>): {
  readonly width: Signal<number>;
  readonly height: Signal<number>;
} {
  const width = useSignal(0);
  const height = useSignal(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      width.value = Math.floor(entry!.contentRect.width);
      height.value = Math.floor(entry!.contentRect.height);
    });
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  return { width, height };
}
