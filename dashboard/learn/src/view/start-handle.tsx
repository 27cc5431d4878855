import { point } from '../model/format.js';
import { study } from './state.js';

interface StartHandleProps {
  readonly left: number;
  readonly top: number;
  /** Moves the start by so many pixels, right and up. */
  move(right: number, up: number): void;
}

const pixels = { usual: 4, far: 20 };
const keys: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The ring at the start, which is dragged, or moved by the arrow keys. */
export function StartHandle({ left, top, move }: StartHandleProps) {
  const press = (event: KeyboardEvent) => {
    const by = keys[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? pixels.far : pixels.usual;
    move(by[0] * far, by[1] * far);
  };
  return (
    <button
      type="button"
      class="start"
      style={{ left: `${left}px`, top: `${top}px` }}
      aria-label={`Start at ${point(study.value.start)}. The arrow keys move it, with Shift farther.`}
      onKeyDown={press}
    />
  );
}
