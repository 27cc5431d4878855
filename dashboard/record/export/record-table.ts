import type { MethodDescription, RunEvent, RunStarted } from '../events.js';
import { LogReader, readLog } from '../log/index.js';
import { everyStep, ownMeasures } from '../measures.js';

/** A column of the table that a record makes: `list` holds lists of numbers. */
export interface TableColumn {
  readonly name: string;
  readonly type: 'text' | 'number' | 'list';
}

export type Cell = string | number | readonly number[] | undefined;

/** A row: its cells by the names of their columns; what is left out is unknown, which is not NaN. */
export type Row = Readonly<Record<string, Cell>>;

/** All numbers of a record as one table, a row an event, for those who compute with tables. */
export interface RecordTable {
  readonly run: RunStarted;
  readonly columns: readonly TableColumn[];
  /** In the order of the log. */
  rows(): Generator<Row, void>;
}

/**
 * The table of a record. Every row says in `event` what it is, and of which `method`, `seed` and `step` it is. Where
 * they are known it has every x-axis: `seconds` of the run, `workSeconds` that the method's own steps took,
 * `examples` and `evaluations` so far, and the `time` in seconds since 1970.
 *
 * @throws LogError where there is no log, or, from `rows`, at the place of a damage
 */
export function recordTable(directory: string): RecordTable {
  const reader = new LogReader(directory);
  try {
    const { run } = reader;
    if (run === undefined) return { run: nothingYet, columns: [], rows: none };
    const columns = columnsOf(run, reader);
    return { run, columns, rows: () => rowsOf(run, directory) };
  } finally {
    reader.close();
  }
}

const nothingYet: RunStarted = {
  kind: 'run',
  run: '',
  problem: '',
  created: '',
  seed: 0,
  steps: 0,
  methods: [],
};

function* none(): Generator<Row, void> {}

function columnsOf(run: RunStarted, reader: LogReader): TableColumn[] {
  const newest = <K extends 'evaluation' | 'point' | 'operators'>(kind: K) =>
    reader.history(kind).next().value?.event as Extract<RunEvent, { kind: K }> | undefined;
  const [evaluation, point, operators] = [newest('evaluation'), newest('point'), newest('operators')];
  const names = (kind: 'number' | 'list') => [
    ...new Set(run.methods.flatMap((method) => ownMeasures(method, kind))),
  ];
  const lists = names('list');
  const numbers = new Set([
    'step',
    ...(run.batch === undefined ? [] : ['examples']),
    ...(point?.evaluations === undefined ? [] : ['evaluations']),
    'seconds',
    'workSeconds',
    'time',
    ...everyStep.map(({ name }) => name),
    ...names('number'),
    ...(evaluation === undefined ? [] : ['testLoss']),
    ...(evaluation?.accuracy === undefined ? [] : ['accuracy']),
    ...(evaluation?.squaredError === undefined ? [] : ['squaredError']),
    ...(point === undefined ? [] : ['value']),
    ...(point?.radius === undefined ? [] : ['radius']),
    ...(point?.x.map((_, k) => `x${k}`) ?? []),
    ...(operators === undefined ? [] : ['frames', 'operatorMilliseconds', 'arrays', 'bytes']),
    ...(operators?.operators.some(({ age }) => age !== undefined) ? ['age'] : []),
  ]);
  for (const name of lists) numbers.delete(name); // of one method a list, of another a number
  return [
    { name: 'event', type: 'text' },
    { name: 'method', type: 'text' },
    { name: 'seed', type: 'number' },
    ...(operators === undefined ? [] : [{ name: 'operator', type: 'text' } as const]),
    ...[...numbers].map((name) => ({ name, type: 'number' }) as const),
    ...lists.map((name) => ({ name, type: 'list' }) as const),
  ];
}

function* rowsOf(run: RunStarted, directory: string): Generator<Row, void> {
  const begun = Date.parse(run.created) / 1_000;
  const work = run.methods.map(() => 0);
  for (const { event } of readLog(directory)) {
    if (!('method' in event)) continue;
    const method = run.methods[event.method];
    if (method === undefined) continue;
    const shared = sharedCells(event, method, run);
    const timed = 'seconds' in event ? { seconds: event.seconds, time: begun + event.seconds } : {};
    if (event.kind === 'step') {
      const { loss, gradientNorm, updateNorm, milliseconds, measures } = event;
      work[event.method] += milliseconds / 1_000;
      const own = { loss, gradientNorm, updateNorm, milliseconds, ...measures };
      yield {
        ...shared,
        ...timed,
        ...examples(run, event.step + 1),
        workSeconds: work[event.method],
        ...own,
      };
    } else if (event.kind === 'evaluation') {
      const { loss: testLoss, accuracy, squaredError } = event;
      const own = { testLoss, accuracy, squaredError, workSeconds: work[event.method] };
      yield { ...shared, ...timed, ...examples(run, event.step), ...own };
    } else if (event.kind === 'point') {
      const { value, radius, x, evaluations } = event;
      const spent = evaluations && Object.values(evaluations).reduce((sum, count) => sum + count, 0);
      const place = Object.fromEntries(x.map((xk, k) => [`x${k}`, xk]));
      yield { ...shared, evaluations: spent, workSeconds: work[event.method], value, radius, ...place };
    } else if (event.kind === 'list') {
      yield { ...shared, ...timed, workSeconds: work[event.method], [event.name]: event.values };
    } else if (event.kind === 'operators') {
      for (const { name, milliseconds, ...sums } of event.operators) {
        yield { ...shared, ...timed, operator: name, operatorMilliseconds: milliseconds, ...sums };
      }
    }
  }
}

function sharedCells(
  { kind, step }: { readonly kind: string; readonly step: number },
  { label, seed }: MethodDescription,
  run: RunStarted,
): Row {
  return { event: kind, method: label, seed: seed ?? run.seed, step };
}

/** How many examples a method has seen after so many steps. */
function examples({ batch }: RunStarted, taken: number): Row {
  return batch === undefined ? {} : { examples: batch * taken };
}
