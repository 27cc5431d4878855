import { calmRevision, revision } from './state.js';

/** Milliseconds between two redraws of the charts, at least, and between two changes of the numbers. */
const drawEvery = 50;
const readEvery = 250;
/** Drawing leaves this many times as long for everything else, however long it takes. */
const leisure = 3;

let drawn = 0;
let read = 0;
let cost = 0;
let due = false;

/** Tells the page that the record has changed; it is redrawn soon, never more often than it can be seen. */
export function changed(): void {
  if (due) return;
  due = true;
  const wait = Math.max(0, drawn + Math.max(drawEvery, leisure * cost) - performance.now());
  setTimeout(() => requestAnimationFrame(redraw), wait);
}

function redraw(): void {
  due = false;
  const start = performance.now();
  revision.value++;
  // By the next task the browser has put on the screen what was drawn: only then is the cost known.
  setTimeout(() => {
    drawn = performance.now();
    cost = drawn - start;
  });
  if (start - read >= readEvery) refreshNumbers();
  else setTimeout(catchUp, readEvery);
}

/** The numbers catch up when events have stopped arriving. */
function catchUp(): void {
  if (performance.now() - read >= readEvery) refreshNumbers();
}

/** Shows the numbers as they are now, where waiting would let the page contradict itself. */
export function refreshNumbers(): void {
  read = performance.now();
  calmRevision.value++;
}
