import type { Across } from '../data/places.js';
import {
  choices,
  chosenLogX,
  filling,
  inspected,
  inspectedPart,
  kept,
  lookedAt,
  type PanelChoice,
  pinned,
  seedsApart,
  sorting,
} from './looking.js';
import { chosenNode } from './pipeline-state.js';
import { across, chosenSpan, chosenStep, cursor, focused, hidden, zoom } from './state.js';

const digits = 6;

const written = (values: readonly number[]) =>
  values.map((value) => Number(value.toPrecision(digits))).join(',');

function numbers(text: string | null, count?: number): number[] | undefined {
  const values = text === null || text === '' ? [] : text.split(',').map(Number);
  const right =
    values.every(Number.isFinite) && (count === undefined ? values.length > 0 : values.length === count);
  return right ? values : undefined;
}

/** What is seen, as the part of the address behind #: a link to it shows the same. Other parameters are kept. */
export function viewText(others: string): string {
  const view = new URLSearchParams(others);
  const set = (name: string, value: string | undefined) => {
    if (value === undefined || value === '') view.delete(name);
    else view.set(name, value);
  };
  set('x', across.value === 'steps' ? undefined : across.value);
  set('logx', chosenLogX.value === undefined ? undefined : chosenLogX.value ? '1' : '0');
  set('zoom', zoom.value ? written([zoom.value.low, zoom.value.high]) : undefined);
  set('smooth', chosenSpan.value === undefined ? undefined : String(chosenSpan.value));
  set('hide', [...hidden.value].sort((a, b) => a - b).join(','));
  set('keep', written(kept.value));
  set('at', pinned.value && cursor.value !== undefined ? written([cursor.value]) : undefined);
  set('step', chosenStep.value === undefined ? undefined : String(chosenStep.value));
  set('focus', focused.value === undefined ? undefined : String(focused.value));
  set('node', chosenNode.value);
  const { x0, x1, y0, y1 } = lookedAt.value ?? {};
  set('window', x0 === undefined ? undefined : written([x0, x1!, y0!, y1!]));
  set('seeds', seedsApart.value ? 'apart' : undefined);
  set('inspect', inspected.value === undefined ? undefined : String(inspected.value));
  set('part', inspectedPart.value === 0 ? undefined : String(inspectedPart.value));
  set('full', filling.value);
  set('sort', sorting.value && `${sorting.value.falling ? '-' : ''}${sorting.value.by}`);
  set('panels', Object.entries(choices.value).map(panelText).join(';'));
  return view.toString().replaceAll('%2C', ',').replaceAll('%3B', ';').replaceAll('%3A', ':');
}

/** One panel's choices as id:log,whole,wide2,high300,dropped, log with a minus where it is switched off. */
function panelText([id, { log, whole, columns, height, dropped }]: [string, PanelChoice]): string {
  const words = [
    log === undefined ? '' : log ? 'log' : '-log',
    whole ? 'whole' : '',
    columns === undefined ? '' : `wide${columns}`,
    height === undefined ? '' : `high${height}`,
    dropped ? 'dropped' : '',
  ];
  return `${id}:${words.filter((word) => word !== '').join(',')}`;
}

function panelChoice(text: string): [string, PanelChoice] {
  const [id = '', words = ''] = text.split(':');
  const has = (word: string) => words.split(',').includes(word);
  const numberAfter = (name: string) => {
    const digits = new RegExp(`(?:^|,)${name}(\\d+)(?:,|$)`).exec(words)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  // Links of before had two widths.
  const columns = numberAfter('wide') ?? (has('wide') ? 2 : has('-wide') ? 1 : undefined);
  const height = numberAfter('high');
  return [
    id,
    {
      ...(has('log') ? { log: true } : has('-log') ? { log: false } : {}),
      ...(has('whole') && { whole: true }),
      ...(columns !== undefined && { columns }),
      ...(height !== undefined && { height }),
      ...(has('dropped') && { dropped: true }),
    },
  ];
}

const axes: readonly string[] = ['steps', 'examples', 'evaluations', 'work', 'seconds'];

/** Shows what an address says; what it does not name, or names wrongly, is as on a fresh page. */
export function showView(text: string): void {
  const view = new URLSearchParams(text);
  const axis = view.get('x') ?? '';
  across.value = axes.includes(axis) ? (axis as Across) : 'steps';
  const logx = view.get('logx');
  chosenLogX.value = logx === '1' ? true : logx === '0' ? false : undefined;
  const stretch = numbers(view.get('zoom'), 2);
  zoom.value = stretch && stretch[0]! < stretch[1]! ? { low: stretch[0]!, high: stretch[1]! } : null;
  const span = numbers(view.get('smooth'), 1)?.[0];
  chosenSpan.value = span !== undefined && span >= 1 ? span : undefined;
  hidden.value = new Set(numbers(view.get('hide')) ?? []);
  kept.value = numbers(view.get('keep')) ?? [];
  const at = numbers(view.get('at'), 1)?.[0];
  pinned.value = at !== undefined;
  cursor.value = at;
  chosenStep.value = numbers(view.get('step'), 1)?.[0];
  focused.value = numbers(view.get('focus'), 1)?.[0];
  chosenNode.value = view.get('node') ?? undefined;
  const window = numbers(view.get('window'), 4);
  lookedAt.value = window && { x0: window[0]!, x1: window[1]!, y0: window[2]!, y1: window[3]! };
  seedsApart.value = view.get('seeds') === 'apart';
  inspected.value = numbers(view.get('inspect'), 1)?.[0];
  inspectedPart.value = Math.max(0, Math.floor(numbers(view.get('part'), 1)?.[0] ?? 0));
  filling.value = view.get('full') ?? undefined;
  const sort = view.get('sort') ?? '';
  sorting.value = sort === '' ? undefined : { by: sort.replace(/^-/, ''), falling: sort.startsWith('-') };
  choices.value = Object.fromEntries((view.get('panels') ?? '').split(';').filter(Boolean).map(panelChoice));
}
