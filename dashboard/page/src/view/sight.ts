import { type Signal, signal } from '@preact/signals';

/** Whether a chart is on the screen or soon will be, and how often its size has changed. */
export interface Sight {
  readonly inSight: Signal<boolean>;
  readonly resized: Signal<number>;
  end(): void;
}

/** Watches an element, so that only what can be seen is drawn. */
export function sightOf(element: Element): Sight {
  const inSight = signal(true);
  const resized = signal(0);
  const sight = new IntersectionObserver(([entry]) => (inSight.value = entry!.isIntersecting), {
    rootMargin: '300px',
  });
  const sizes = new ResizeObserver(() => resized.value++);
  sight.observe(element);
  sizes.observe(element);
  return {
    inSight,
    resized,
    end() {
      sizes.disconnect();
      sight.disconnect();
    },
  };
}
