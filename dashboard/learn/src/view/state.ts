import { computed, effect, signal } from '@preact/signals';
import { begun, read, type Study, written } from '../model/address.js';
import { floorOf, walked, walks } from '../model/run.js';
import { settled } from '../model/settled.js';
import { subjectOf } from '../model/subject.js';

const opened = settled(read(location.hash));
export const study = signal<Study>(opened.study);
/** What of the address made no sense. */
export const faults = signal<readonly string[]>(opened.faults);
export const playing = signal(false);
/** Steps a second. */
export const speed = signal(2);

const f = computed(() => study.value.f);
export const subject = computed(() => subjectOf(f.value));
const asked = computed(() => JSON.stringify([study.value.start, study.value.methods, study.value.limit]));
export const all = computed(() => {
  asked.value; // what is looked at does not change the walks
  return walks(subject.value, study.peek());
});
export const floor = computed(() => floorOf(subject.value, all.value));
/** How many steps the longest walk has. */
export const last = computed(() =>
  Math.max(0, ...all.value.filter(walked).map(({ stands }) => stands.length - 1)),
);
export const step = computed(() => Math.min(study.value.step, last.value));
/** The method looked at closely: one that runs. */
export const focus = computed(() => {
  const chosen = study.value.focus;
  const one = all.value[chosen];
  return one !== undefined && walked(one) ? chosen : all.value.findIndex(walked);
});
export const focused = computed(() => {
  const one = all.value[focus.value];
  return one !== undefined && walked(one) ? one : undefined;
});
export const view = computed(() => study.value.view ?? subject.value.view);

/** Changes what is shown, and in a moment the address with it. */
export function change(to: Partial<Study>): void {
  study.value = { ...study.value, ...to };
}

export function goTo(k: number): void {
  change({ step: Math.min(last.value, Math.max(0, k)) });
}

/** The lesson as it began. */
export function restart(): void {
  playing.value = false;
  change({ ...begun(study.value.lesson), view: undefined });
}

/** Browsers refuse more than some twenty changes of an address a second: a drag makes more. */
const calm = 100; // milliseconds
let known = location.hash;
let writtenAt = Number.NEGATIVE_INFINITY;
let pending: ReturnType<typeof setTimeout>;

effect(() => {
  const fragment = `#/${written(study.value)}`;
  const write = () => {
    if (location.hash !== known) return; // a link was followed: what it says comes next
    history.replaceState(null, '', fragment);
    known = location.hash;
    writtenAt = performance.now();
  };
  clearTimeout(pending);
  const wait = writtenAt + calm - performance.now();
  if (wait > 0) pending = setTimeout(write, wait);
  else write();
});

addEventListener('hashchange', () => {
  const again = settled(read(location.hash));
  known = location.hash;
  playing.value = false;
  study.value = again.study;
  faults.value = again.faults;
});
