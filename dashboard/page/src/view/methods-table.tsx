import type { ComponentChildren } from 'preact';
import type { EvaluationCounts } from '../../../../src/index.js';
import type { MethodResult } from '../../../record/events.js';
import { wordsFor } from '../../../record/outcome-words.js';
import { count, duration, number, percent, unknown } from '../data/format.js';
import type { Evaluation, MethodRecord } from '../data/method-record.js';
import { type Pace, pace } from '../data/pace.js';
import { isRunning, isUnderWay, runStanding } from './run-standing.js';
import { calmRevision, hidden, record, span } from './state.js';
import { Swatch } from './swatch.js';

/** Where each method stands, a row each. */
export function MethodsTable() {
  calmRevision.value;
  const columns = shownColumns();
  return (
    <section class="methods" aria-labelledby="methods">
      <h2 id="methods" class="sr">
        Methods
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too */}
      <section class="scroll" aria-labelledby="methods" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">method</th>
              {columns.map(({ name, unit }) => (
                <th key={name} scope="col">
                  {name}
                  {unit && <span class="unit"> {unit}</span>}
                </th>
              ))}
              <th scope="col" class="text">
                outcome
              </th>
            </tr>
          </thead>
          <tbody>
            {record.methods.map((method, index) => (
              <Row key={index} method={method} index={index} columns={columns} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface RowProps {
  readonly method: MethodRecord;
  readonly index: number;
  readonly columns: readonly TableColumn[];
}

function Row({ method, index, columns }: RowProps) {
  calmRevision.value;
  const now = nowOf(method);
  return (
    <tr data-hidden={hidden.value.has(index)}>
      <th scope="row">
        <Swatch method={index} />
        {method.description.label}
      </th>
      {columns.map(({ name, odd, cell }) => (
        <td key={name} data-odd={odd?.(now)}>
          {cell(now)}
        </td>
      ))}
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
  /** The loss, or the function's value where the method has come to. */
  readonly loss: number | undefined;
  readonly evaluations: EvaluationCounts | undefined;
}

function nowOf(method: MethodRecord): Now {
  const { description, outcome, curves, points } = method;
  const total = record.started?.steps ?? 0;
  const result = record.ended?.methods.find(({ label }) => label === description.label);
  const values =
    record.ofFunction && points.values.length > 0 ? points.values : curves.loss.smoothed(span.value, false);
  return {
    method,
    total,
    result,
    speed: pace(method, total),
    over: outcome !== undefined || !isUnderWay.value,
    loss: values.length > 0 ? values.at(values.length - 1) : undefined,
    evaluations: result?.evaluations ?? points.evaluations,
  };
}

interface TableColumn {
  readonly name: string;
  readonly unit?: string;
  readonly odd?: (now: Now) => boolean;
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
      cell: ({ result, speed, total }) => (
        <>
          {count(result?.steps ?? speed.taken)}
          <span class="total"> / {count(total)}</span>
        </>
      ),
    },
    {
      name: ofFunction ? 'value' : 'loss',
      unit: span.value > 1 && !ofFunction ? 'smoothed' : undefined,
      odd: ({ loss }) => loss !== undefined && !Number.isFinite(loss),
      cell: ({ loss }) => number(loss),
    },
    tested('accuracy') && { name: 'accuracy', cell: ({ method }) => percent(last(method, 'accuracy'), 2) },
    tested('testLoss') && { name: 'test loss', cell: ({ method }) => number(last(method, 'testLoss')) },
    record.has(({ curves }) => curves.squaredError) && {
      name: 'squared error',
      cell: ({ method }) => number(last(method, 'squaredError')),
    },
    rows.some(({ evaluations }) => evaluations !== undefined) && evaluationsOf(rows),
    (going || !ofFunction) && {
      name: 'steps/s',
      cell: ({ over, speed }) => (over || !isRunning.value ? unknown : number(speed.rate, 3)),
    },
    {
      name: 'ms/step',
      cell: ({ result, speed }) => number(result?.millisecondsPerStep ?? speed.millisecondsPerStep, 3),
    },
    (going || !ofFunction) && {
      name: 'left',
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
