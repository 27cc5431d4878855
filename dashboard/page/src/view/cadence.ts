import { calmRevision, revision } from './state.js';

/** Milliseconds between two redraws of the charts, and of the numbers. */
const drawEvery = 50;
const readEvery = 250;

let drawn = 0;
let read = 0;
let due = false;

/** Tells the page that the record has changed; it is redrawn soon, never more often than it can be seen. */
export function changed(): void {
  if (due) return;
  due = true;
  const wait = Math.max(0, drawn + drawEvery - performance.now());
  setTimeout(() => requestAnimationFrame(redraw), wait);
}

function redraw(now: number): void {
  due = false;
  drawn = now;
  revision.value++;
  if (now - read >= readEvery) {
    read = now;
    calmRevision.value++;
  } else {
    setTimeout(settle, readEvery);
  }
}

/** The numbers catch up when events have stopped arriving. */
function settle(): void {
  if (performance.now() - read < readEvery) return;
  read = performance.now();
  calmRevision.value++;
}
