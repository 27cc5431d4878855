import type { Window } from '../../../plot/window.js';
import { type Lesson, lessonOf, lessons, type Setting, type Show, shows } from './lessons.js';

/** All that the page shows. */
export interface Study extends Setting {
  readonly lesson: Lesson;
  /** The part of the plane shown, where it is not the function's own. */
  readonly view?: Window;
  /** Which method is looked at closely. */
  readonly focus: number;
}

export interface Read {
  readonly study: Study;
  /** What of the address made no sense, in words. */
  readonly faults: readonly string[];
}

const mostSteps = 2000;

/** A lesson as it begins. */
export function begun(lesson: Lesson): Study {
  const { f, start, methods, step, limit } = lesson;
  return { lesson, f, start, methods, shows: lesson.shows, step, limit, focus: 0 };
}

/** The part of an address after #/: the lesson, and what differs from it. */
export function written(study: Study): string {
  const { lesson, view, focus } = study;
  const parts: [string, string][] = [['lesson', lesson.id]];
  const differ = (name: string, now: string, then: string) => {
    if (now !== then) parts.push([name, now]);
  };
  differ('f', study.f, lesson.f);
  differ('start', study.start.join(), lesson.start.join());
  differ('methods', study.methods, lesson.methods);
  differ('shows', study.shows.join(), lesson.shows.join());
  differ('limit', String(study.limit), String(lesson.limit));
  differ('step', String(study.step), String(lesson.step));
  differ('focus', String(focus), '0');
  if (view !== undefined) parts.push(['view', [view.x0, view.x1, view.y0, view.y1].map(brief).join()]);
  return parts.map(([name, value]) => `${name}=${escaped(value)}`).join('&');
}

/** The study of such a part; what makes no sense is told and left as the lesson has it. */
export function read(fragment: string): Read {
  const faults: string[] = [];
  const given = new Map<string, string>();
  for (const part of fragment.replace(/^#?\/?/, '').split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = at < 0 ? part : part.slice(0, at);
    if (!names.includes(name)) faults.push(`address: expected one of ${names.join(', ')}, got ${name}`);
    else given.set(name, unescaped(at < 0 ? '' : part.slice(at + 1)));
  }
  const id = given.get('lesson') ?? lessons[0].id;
  const lesson = lessonOf(id);
  if (lesson.id !== id) {
    faults.push(`address(lesson): expected one of ${lessons.map((one) => one.id).join(', ')}, got ${id}`);
  }
  const study = begun(lesson);
  const take = <V>(name: string, what: string, value: (text: string) => V | undefined, else_: V): V => {
    const text = given.get(name);
    if (text === undefined) return else_;
    const taken = value(text);
    if (taken === undefined) faults.push(`address(${name}): expected ${what}, got ${text || 'nothing'}`);
    return taken ?? else_;
  };
  const f = given.get('f') ?? study.f;
  const view = take('view', 'x0,x1,y0,y1 with x0 < x1 and y0 < y1', windowOf, undefined);
  return {
    faults,
    study: {
      lesson,
      f,
      start: take('start', 'one or two numbers such as -1.2,1', numbers, study.start),
      methods: given.get('methods') ?? study.methods,
      shows: take('shows', `some of ${shows.join()}`, showsOf, study.shows),
      limit: take(
        'limit',
        `a whole number in [1, ${mostSteps}]`,
        (text) => whole(text, 1, mostSteps),
        study.limit,
      ),
      step: take(
        'step',
        `a whole number in [0, ${mostSteps}]`,
        (text) => whole(text, 0, mostSteps),
        study.step,
      ),
      focus: take('focus', 'a whole number in [0, 99]', (text) => whole(text, 0, 99), 0),
      ...(view && { view }),
    },
  };
}

const names = ['lesson', 'f', 'start', 'methods', 'shows', 'limit', 'step', 'focus', 'view'];

function numbers(text: string): number[] | undefined {
  const values = text.split(',').map((one) => (one.trim() === '' ? Number.NaN : Number(one)));
  return values.length <= 2 && values.every(Number.isFinite) ? values : undefined;
}

function whole(text: string, low: number, high: number): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : undefined;
}

function showsOf(text: string): Show[] | undefined {
  const asked = text === '' ? [] : text.split(',');
  return asked.every((one) => (shows as readonly string[]).includes(one)) ? (asked as Show[]) : undefined;
}

function windowOf(text: string): Window | undefined {
  const values = text.split(',').map(Number);
  const [x0, x1, y0, y1] = values;
  const fits = values.length === 4 && values.every(Number.isFinite) && x0 < x1 && y0 < y1;
  return fits ? { x0, x1, y0, y1 } : undefined;
}

function brief(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Percent signs only where an address needs them, so that a person can read it. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|2F|3D|5E|2B|3A)/g, decodeURIComponent);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // half an escape: what follows says what is wrong with it
  }
}
