import type { ComponentChildren } from 'preact';
import type { EvaluationCounts } from '../../../../src/index.js';
import type { MethodResult } from '../../../record/events.js';
import { wordsFor } from '../../../record/outcome-words.js';
import { count, duration, number, percent, unknown } from '../data/format.js';
import type { Evaluation, MethodRecord } from '../data/method-record.js';
import { type Pace, pace } from '../data/pace.js';
import { forward, sorting } from './looking.js';
import { newest } from './readings.js';
import { isRunning, isUnderWay, runStanding } from './run-standing.js';
import { calmRevision, hidden, record, span } from './state.js';
import { Swatch } from './swatch.js';

/** Where each method stands, a row each. */
export function MethodsTable() {
  calmRevision.value;
  const columns = shownColumns();
  const rows = sorted(columns);
  const best = new Map(columns.map((column) => [column.name, bestOf(column)]));
  return (
    <div class="methods">
      <h2 id="methods" class="sr">
        Methods
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too */}
      <section class="scroll" aria-labelledby="methods" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <Heading name="method" />
              {columns.map(({ name, unit }) => (
                <Heading key={name} name={name} unit={unit} />
              ))}
              <th scope="col" class="text">
                outcome
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((index) => (
              <Row key={index} method={record.methods[index]!} index={index} columns={columns} best={best} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

/** A click sorts by the column, one more the other way round, a third takes the order of the run again. */
function Heading({ name, unit }: { readonly name: string; readonly unit?: string }) {
  const { by, falling } = sorting.value ?? {};
  const direction = by !== name ? undefined : falling ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={direction}>
      <button
        type="button"
        class="sort"
        onClick={() => {
          sorting.value =
            direction === 'descending' ? undefined : { by: name, falling: direction !== undefined };
        }}
      >
        {name}
        {unit && <span class="unit"> {unit}</span>}
        <span class="arrow" aria-hidden="true">
          {direction === undefined ? '' : falling ? '↓' : '↑'}
        </span>
      </button>
    </th>
  );
}

/** The methods in the order chosen; those without a value come last, whichever way round. */
function sorted(columns: readonly TableColumn[]): number[] {
  const order = record.methods.map((_, index) => index);
  if (sorting.value === undefined) return order;
  const { by, falling } = sorting.value;
  const sign = falling ? -1 : 1;
  const key = columns.find(({ name }) => name === by)?.key;
  if (key === undefined) {
    const label = (index: number) => record.methods[index]!.description.label;
    return order.sort((a, b) => sign * label(a).localeCompare(label(b)));
  }
  const keys = record.methods.map((method) => key(nowOf(method)) ?? Number.NaN);
  return order.sort((a, b) => {
    const [one, other] = [keys[a]!, keys[b]!];
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    return sign * (one - other);
  });
}

/** The best value of a column, where one is better than another. */
function bestOf({ key, best }: TableColumn): number | undefined {
  if (key === undefined || best === undefined) return undefined;
  const keys = record.methods.map((method) => key(nowOf(method)) ?? Number.NaN).filter(Number.isFinite);
  if (new Set(keys).size < 2) return undefined;
  return best === 'least' ? Math.min(...keys) : Math.max(...keys);
}

interface RowProps {
  readonly method: MethodRecord;
  readonly index: number;
  readonly columns: readonly TableColumn[];
  /** The best value by the column's name. */
  readonly best: ReadonlyMap<string, number | undefined>;
}

function Row({ method, index, columns, best }: RowProps) {
  calmRevision.value;
  const now = nowOf(method);
  return (
    <tr
      data-hidden={hidden.value.has(index)}
      onPointerEnter={() => (forward.value = hidden.value.has(index) ? undefined : index)}
      onPointerLeave={() => (forward.value = undefined)}
    >
      <th scope="row" title={method.description.label}>
        <Swatch method={index} />
        {method.description.label}
      </th>
      {columns.map(({ name, odd, key, cell }) => {
        const isBest = best.get(name) !== undefined && key?.(now) === best.get(name);
        return (
          <td key={name} data-odd={odd?.(now)} data-best={isBest}>
            {cell(now)}
            {isBest && <span class="sr"> (best)</span>}
          </td>
        );
      })}
      <td class="text">{ending(method)}</td>
    </tr>
  );
}

/** What the columns are made of. */
interface Now {
  readonly method: MethodRecord;
  readonly total: number;
  readonly result: MethodResult | undefined;
  readonly speed: Pace;
  readonly over: boolean;
  /** The training loss as the charts smooth it, or the function's value where the method has come to. */
  readonly loss: number | undefined;
  readonly evaluations: EvaluationCounts | undefined;
}

function nowOf(method: MethodRecord): Now {
  const { description, outcome, curves, points } = method;
  const total = record.started?.steps ?? 0;
  const result = record.ended?.methods.find(({ label }) => label === description.label);
  return {
    method,
    total,
    result,
    speed: pace(method, total),
    over: outcome !== undefined || !isUnderWay.value,
    loss: points.length > 0 ? points.values.last : newest('loss', curves.loss),
    evaluations: result?.evaluations ?? points.evaluations,
  };
}

interface TableColumn {
  readonly name: string;
  readonly unit?: string;
  readonly odd?: (now: Now) => boolean;
  /** What it is sorted by. */
  readonly key?: (now: Now) => number | undefined;
  /** Which end of the column is the better one. */
  readonly best?: 'least' | 'greatest';
  readonly cell: (now: Now) => ComponentChildren;
}

/** The columns that this run has, or may still get, something for. */
function shownColumns(): TableColumn[] {
  const { ofFunction, ended } = record;
  const rows = record.methods.map(nowOf);
  const going = rows.some(({ over }) => !over);
  const tested = (quantity: Evaluation) =>
    record.has(({ curves }) => curves[quantity]) || (!ofFunction && ended === undefined);
  const columns: readonly (TableColumn | false)[] = [
    {
      name: 'step',
      key: ({ result, speed }) => result?.steps ?? speed.taken,
      cell: ({ result, speed, total }) => (
        <>
          {count(result?.steps ?? speed.taken)}
          <span class="total"> / {count(total)}</span>
        </>
      ),
    },
    {
      name: ofFunction ? 'value' : 'train loss',
      unit: ofFunction || span.value <= 1 ? undefined : `(over ~${span.value} steps)`,
      key: ({ loss }) => loss,
      best: 'least',
      odd: ({ loss }) => loss !== undefined && !Number.isFinite(loss),
      cell: ({ loss }) => number(loss),
    },
    tested('accuracy') && {
      name: 'test accuracy',
      key: ({ method }) => last(method, 'accuracy'),
      best: 'greatest',
      cell: ({ method }) => percent(last(method, 'accuracy'), 2),
    },
    tested('testLoss') && {
      name: 'test loss',
      key: ({ method }) => last(method, 'testLoss'),
      best: 'least',
      cell: ({ method }) => number(last(method, 'testLoss')),
    },
    record.has(({ curves }) => curves.squaredError) && {
      name: 'squared error',
      key: ({ method }) => last(method, 'squaredError'),
      best: 'least',
      cell: ({ method }) => number(last(method, 'squaredError')),
    },
    rows.some(({ evaluations }) => evaluations !== undefined) && evaluationsOf(rows),
    going && {
      name: 'steps/s',
      unit: '(wall time)',
      key: ({ speed }) => speed.rate,
      cell: ({ over, speed }) => (over || !isRunning.value ? unknown : number(speed.rate, 3)),
    },
    {
      name: 'ms/step',
      unit: '(own work)',
      key: ({ result, speed }) => result?.millisecondsPerStep ?? speed.millisecondsPerStep,
      cell: ({ result, speed }) => number(result?.millisecondsPerStep ?? speed.millisecondsPerStep, 3),
    },
    going && {
      name: 'left',
      key: ({ speed }) => speed.secondsLeft,
      cell: ({ over, speed }) => (over || !isRunning.value ? unknown : duration(speed.secondsLeft)),
    },
  ];
  return columns.filter((column) => column !== false);
}

/** How often each function of the problem was called that any method calls. */
function evaluationsOf(rows: readonly Now[]): TableColumn {
  const called = functions.filter(([name]) => rows.some(({ evaluations }) => (evaluations?.[name] ?? 0) > 0));
  return {
    name: 'evaluations',
    unit: called.map(([, sign]) => sign).join(' · '),
    key: ({ evaluations }) =>
      evaluations && Object.values(evaluations).reduce((sum, calls) => sum + calls, 0),
    cell: ({ evaluations }) =>
      evaluations === undefined ? unknown : called.map(([name]) => count(evaluations[name])).join(' · '),
  };
}

const functions: readonly (readonly [keyof EvaluationCounts, string])[] = [
  ['value', 'f'],
  ['gradient', '∇f'],
  ['hessian', '∇²f'],
  ['hessianVectorProduct', '∇²f v'],
];

/** How a method ended, in a word and, where there is trouble, a sentence. */
function ending({ outcome, taken }: MethodRecord) {
  if (outcome === undefined) {
    const going = taken === 0 ? 'waiting' : 'running';
    return <span class="soft">{isRunning.value ? going : runStanding.value}</span>;
  }
  const { words, failed } = wordsFor(outcome);
  if (!failed) return <span title={outcome.message}>{words}</span>;
  return (
    <span class="trouble">
      <strong>✕ {words}</strong> <span class="why">{outcome.message}</span>
    </span>
  );
}

function last({ curves }: MethodRecord, quantity: Evaluation): number | undefined {
  const { raw } = curves[quantity];
  return raw.length === 0 ? undefined : raw.at(raw.length - 1);
}
