import { basename } from 'node:path';
import { chosen, type Domain, type OptionsOf, option, workedOut } from '../../src/algebra/option.js';
import { HostArray, type Outcome } from '../../src/index.js';
import { type Frame, realEnvironment } from '../../streams/index.js';
import { RunLog } from '../record/log/index.js';
import { CheckpointStore } from '../record/recording/checkpoint-store.js';
import { describedOperators } from '../record/recording/measured-operators.js';
import { MethodRecorder } from '../record/recording/method-recorder.js';
import { Recorder } from '../record/recording/recorder.js';
import { makeRunDirectory } from '../record/recording/run-directory.js';
import { type Dashboard, startDashboard } from '../server/index.js';
import { dashboardOptions } from '../server/start-dashboard.js';

export interface WatchOptions {
  /** As the run is called. */
  readonly name?: string;
  /** The folder of the record, new or empty. */
  readonly directory?: string;
  /** The port of the page; 0 is any free one. */
  readonly port?: number;
  /** Told the address of the page; by default it is printed on stderr. */
  readonly onAddress?: (url: string) => void;
}

const text: Domain = {
  kind: 'like',
  what: 'a text',
  includes: (value) => typeof value === 'string' && value !== '',
};
export const watchOptions: OptionsOf<Omit<WatchOptions, 'onAddress'>> = {
  name: option('pipeline', text, 'as the run is called'),
  directory: workedOut(
    option(undefined as never, text, 'the folder of the record, new or empty'),
    'runs/<time>-<name>',
  ),
  port: dashboardOptions.port,
};

/** Up to this many variables of a host problem, the path through them is recorded. */
const fewVariables = 100;

/** The record and the page of one subscription to `watch`. */
export class ShownRun<T> {
  #recorder: Recorder | null = null;
  #method: MethodRecorder<T> | null = null;
  #dashboard: Promise<Dashboard | undefined> = Promise.resolve(undefined);
  #steps = 0;
  #ended = false;

  readonly options: WatchOptions & Required<Pick<WatchOptions, 'name' | 'port'>>;

  /** @throws TypeError or RangeError on wrong options */
  constructor(options: WatchOptions) {
    const { onAddress } = options;
    const given = chosen('watch', watchOptions, options, ['onAddress']);
    this.options = { ...given, ...(onAddress && { onAddress }) };
  }

  take(frame: Frame<T>): void {
    this.#method ??= this.#begin(frame);
    this.#steps = frame.stepped ? frame.step + 1 : frame.step;
    this.#method.take(frame);
    if (frame.outcome !== undefined) this.#close();
  }

  /** Ends the record where the run ended without an outcome of its own. */
  end(message: string): void {
    if (this.#ended || this.#recorder === null) return;
    const recorder = this.#recorder;
    const outcome: Outcome = { kind: 'stopped', message };
    recorder.append({ kind: 'outcome', method: 0, step: this.#steps, seconds: recorder.seconds, outcome });
    this.#close();
  }

  #begin(frame: Frame<T>): MethodRecorder<T> {
    const { name, port, onAddress = printAddress } = this.options;
    const created = realEnvironment.date();
    const directory = makeRunDirectory('watch(directory)', this.options.directory, name, created);
    const log = RunLog.create(directory);
    const operators = describedOperators(frame);
    const measures = frame.operators.flatMap((operator) => operator.measures);
    this.#recorder = new Recorder(log, {
      kind: 'run',
      run: basename(directory),
      problem: name,
      created: created.toISOString(),
      seed: 0,
      steps: Number.POSITIVE_INFINITY,
      methods: [{ name, label: name, options: {}, operators, ...(measures.length > 0 && { measures }) }],
    });
    log.flush(); // the page needs something to show
    this.#dashboard = startDashboard({ directory, port }).then(
      (dashboard) => {
        if (!this.#ended) onAddress(dashboard.url);
        return dashboard;
      },
      (error: Error) => {
        process.emitWarning(`the run goes on without its page: ${error.message}`);
        return undefined;
      },
    );
    const { parameters } = frame;
    const onHost = parameters instanceof HostArray && parameters.data.length <= fewVariables;
    return new MethodRecorder(this.#recorder, new CheckpointStore(directory), {
      method: 0,
      label: name,
      evaluateEvery: Number.POSITIVE_INFINITY,
      checkpointEvery: Number.POSITIVE_INFINITY,
      ...(onHost && { point: (x: T) => Array.from((x as HostArray).data) }),
    });
  }

  #close(): void {
    this.#ended = true;
    this.#recorder?.close();
    void this.#dashboard.then((dashboard) => dashboard?.close());
  }
}

function printAddress(url: string): void {
  process.stderr.write(`Dashboard: ${url}\n`);
}
