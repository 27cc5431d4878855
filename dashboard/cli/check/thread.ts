import { Console } from 'node:console';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { agendaOf, examine, path2d, type Said, type Subject, subjectOfExport } from '../../../spec/index.js';
import { loadModule } from '../arguments/load-module.js';
import { Misuse } from '../arguments/misuse.js';
import { Heartbeat } from './heartbeat.js';
import type { Described, FromThread, Orders } from './messages.js';
import { OutsideWorld } from './outside-world.js';
import { pipedSubject } from './piped-subject.js';
import { watched } from './watched-subject.js';

/*
 * The thread in which a subject is loaded, called and held against the laws: whatever it does there, the thread that
 * started this one lives on.
 */
const orders = workerData as Orders;
const leastSeconds = 5;
const tell = (message: FromThread) => parentPort!.postMessage(message);

// What a module prints is not this command's output.
globalThis.console = new Console(process.stderr);

try {
  const subject = await subjectOf(orders);
  const world = new OutsideWorld();
  const seen = watched(subject, new Heartbeat(orders.heartbeat), world);
  const agenda = orders.agenda ?? [...agendaOf(subject), ...(orders.pictured ? [path2d] : [])];
  tell({ kind: 'subject', subject: described(subject), agenda });
  // The time that loading took is taken off.
  const seconds = Math.max(leastSeconds, orders.seconds - performance.now() / 1_000);
  const findings = examine(seen, agenda, { ...orders, seconds });
  for (const id of agenda) {
    tell({ kind: 'begins', id });
    const { value } = findings.next();
    if (value) tell({ kind: 'found', finding: value });
    await new Promise(setImmediate); // what the subject has left to happen later happens now
  }
  tell({ kind: 'done', asked: [...world.asked] });
} catch (error) {
  if (!(error instanceof Misuse || error instanceof TypeError || error instanceof RangeError)) throw error;
  tell({ kind: 'misuse', message: error.message });
}

async function subjectOf({ source, claims, options }: Orders): Promise<Subject> {
  const said: Said = { claims, options };
  if (source.kind === 'pipe') return pipedSubject(source, (line) => tell({ kind: 'ask', line }), said);
  const { path } = source;
  const exported = await loadModule(path, 'check(subject)');
  try {
    return await subjectOfExport(exported, basename(path).replace(/\.[cm]?[jt]s$/, ''), said);
  } catch (error) {
    throw new Misuse(`check(subject): ${path}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

function described(subject: Subject): Described {
  const { name } = subject;
  if (!('fixed' in subject) || subject.method === 'stranger') return { name };
  // A solver is free to search as it likes.
  const stated = Object.entries(subject.fixed ?? {}).filter(([option]) => option !== 'search');
  const options = stated.map(([option, value]) => [option, inWords(value)]);
  return { name, claims: subject.method, ...(subject.fixed && { options: Object.fromEntries(options) }) };
}

/** A part such as a line search by its name: functions go to no other thread. */
function inWords(value: unknown): unknown {
  const part = value !== null && typeof value === 'object' ? (value as { name?: unknown }).name : undefined;
  return part ?? (typeof value === 'function' ? 'a function' : value);
}
