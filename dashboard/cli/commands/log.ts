import { createInterface } from 'node:readline';
import { LoggedRun } from '../../record/recording/logged-run.js';
import type { Dashboard } from '../../server/index.js';
import { asMisuse, Misuse } from '../arguments/misuse.js';
import { exitCodes } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';
import { openBrowser } from './open-browser.js';
import { shownDashboard } from './shown-dashboard.js';

export interface LogOptions {
  readonly out?: string;
  readonly names?: string;
  readonly steps?: number;
  readonly batch?: number;
  readonly port?: number;
  readonly open: boolean;
}

/** `fluxion log NAME`: records what stands on standard input, an object of numbers a line; returns the exit code. */
export async function logCommand(name: string, options: LogOptions): Promise<number> {
  const { out, names, steps, batch, port, open } = options;
  const run = new LoggedRun(name, {
    ...(out !== undefined && { directory: out }),
    ...(names !== undefined && { names: names.split(',').map((one) => one.trim()) }),
    ...(steps !== undefined && { steps }),
    ...(batch !== undefined && { batch }),
  });
  let dashboard: Dashboard | undefined;
  let interrupted = '';
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  const restore = onInterrupt((signal) => {
    interrupted = signal;
    lines.close();
  });
  const leftOut = new Set<string>();
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      const unknown = logged(run, line, number);
      if (dashboard === undefined) {
        dashboard = await shownDashboard({ directory: run.directory!, ...(port !== undefined && { port }) });
        process.stdout.write(`${run.directory}\nDashboard: ${dashboard.url}\n`);
        if (open) openBrowser(dashboard.url);
      }
      for (const one of unknown) {
        if (leftOut.has(one)) continue;
        leftOut.add(one);
        process.stderr.write(
          `line ${number}: '${one}' is left out: the first line had none; name it by --names ${one}\n`,
        );
      }
    }
    if (run.directory === undefined)
      throw new Misuse('log: expected an object of numbers a line, got nothing');
    run.end(interrupted === '' ? undefined : { kind: 'stopped', message: `stopped by ${interrupted}` });
    return interrupted === '' ? exitCodes.done : exitCodes.interrupted;
  } catch (error) {
    run.end({ kind: 'stopped', message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    restore();
    await dashboard?.close();
  }
}

function logged(run: LoggedRun, line: string, number: number): string[] {
  try {
    return run.log(numbersIn(line));
  } catch (error) {
    throw asMisuse(error, `line ${number}: `);
  }
}

/** NaN and ±Infinity as Python writes them, which JSON has no word for. */
const bare = /(?<=[:,[]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g;

/**
 * The numbers of a line of JSON; null is NaN.
 *
 * @throws SyntaxError or TypeError saying what was expected
 */
export function numbersIn(line: string): Record<string, number> {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(bare, '"$1"'));
  } catch {
    throw new SyntaxError(`expected JSON such as {"step": 0, "loss": 0.5}, got ${line.slice(0, 60)}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new TypeError(`expected an object of numbers, got ${line.slice(0, 60)}`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (typeof one === 'number') return [name, one];
      if (one === null || one === 'NaN') return [name, Number.NaN];
      if (one === 'Infinity' || one === '-Infinity') return [name, Number(one)];
      if (typeof one === 'boolean') return [name, Number(one)];
      throw new TypeError(`'${name}': expected a number, got ${JSON.stringify(one)?.slice(0, 40)}`);
    }),
  );
}
