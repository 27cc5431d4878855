import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A place to hang on an element, and the whole pixels that its content is wide: 0 until it is laid out. */
export function useWidth<E extends Element>(): {
  readonly host: RefObject<E | null>;
  readonly width: Signal<number>;
} {
  const host = useRef<E>(null);
  const width = useSignal(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      width.value = Math.floor(entry!.contentRect.width);
    });
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  return { host, width };
}
