import type { Worker } from 'node:worker_threads';
import { type Finding, lawOf, likeness, path2d, traits } from '../../../spec/index.js';
import { startThread } from '../../../streams/node-start-thread.js';
import { Misuse } from '../arguments/misuse.js';
import { Heartbeat } from './heartbeat.js';
import type { Described, FromThread, Orders } from './messages.js';
import { Pipe } from './pipe.js';

/** What is to be examined: the thread's orders, save what only a thread needs. */
export interface CheckRequest extends Omit<Orders, 'source' | 'heartbeat'> {
  /** The path of a module, or a command that answers on a pipe. */
  readonly source:
    | { readonly kind: 'module'; readonly path: string }
    | { readonly kind: 'pipe'; readonly command: string };
}

export interface CheckListener {
  subject(subject: Described, agenda: readonly string[]): void;
  begins(id: string): void;
  found(finding: Finding): void;
}

/** Milliseconds: for a subject to load, and for one call of it; a process may have to compile first. */
const patience = { module: { load: 20_000, call: 3_000 }, pipe: { load: 60_000, call: 20_000 } };
/** After so many threads that hung or ended nothing more is tried. */
const mostFailures = 2;

/**
 * Examines a subject in a thread of its own, which is ended where a call does not come back; what was left is then
 * tried in another.
 *
 * @returns what the subject asked of the world outside
 * @throws Misuse where it does not load, is none, or its pipe talks nonsense or dies
 */
export async function runCheck(request: CheckRequest, listener: CheckListener): Promise<readonly string[]> {
  const end = performance.now() + request.seconds * 1_000;
  const asked = new Set<string>();
  let agenda = request.agenda;
  for (let failures = 0; ; failures++) {
    const seconds = Math.max(1, (end - performance.now()) / 1_000);
    const ended = await examineOnce({ ...request, agenda, seconds }, listener, failures === 0);
    for (const one of ended.asked) asked.add(one);
    if (ended.failure === undefined) return [...asked];
    const [at = ended.last, ...rest] = ended.left;
    listener.found(told(at, 'broken', ended.failure));
    const enough = failures + 1 === mostFailures;
    if (enough) for (const id of rest) listener.found(told(id, 'undecided', 'not tried after that'));
    if (enough || rest.length === 0) return [...asked];
    agenda = rest;
  }
}

/** A finding that was not come to by trying. */
function told(id: string, verdict: 'broken' | 'undecided', explanation: string): Finding {
  if (id === likeness) return { event: 'likeness', alike: [] };
  if (id === path2d) return { event: 'path', drawn: undefined };
  const { name, statement } = lawOf(id);
  const event = traits.some((trait) => trait.id === id) ? 'trait' : 'law';
  return { event, id, name, statement, verdict, runs: 0, worst: 0, explanation };
}

interface Ended {
  readonly asked: readonly string[];
  /** What ended the thread before its work was done. */
  readonly failure?: string;
  /** The work left, that at which it ended first. */
  readonly left: readonly string[];
  /** The work begun last. */
  readonly last: string;
}

function examineOnce(request: CheckRequest, listener: CheckListener, first: boolean): Promise<Ended> {
  const heartbeat = new Heartbeat();
  const limits = patience[request.source.kind];
  return new Promise((resolve, reject) => {
    let left: readonly string[] | undefined;
    let last = '';
    const end = (settle: () => void) => {
      clearInterval(watch);
      pipe?.close();
      void worker.terminate();
      settle();
    };
    const misuse = (message: string) => end(() => reject(new Misuse(message)));
    const fail = (failure: string) => {
      if (left === undefined) misuse(`check(subject): ${nameOf(request)} does not load: ${failure}`);
      else end(() => resolve({ asked: [], failure, left: left!, last }));
    };
    const { kind } = request.source;
    const pipe = kind === 'pipe' ? new Pipe(request.source.command, misuse) : undefined;
    const worker = threadOf(request, heartbeat, pipe);
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'subject') {
        left = message.agenda;
        if (first) listener.subject(message.subject, message.agenda);
      } else if (message.kind === 'begins') {
        last = message.id;
        listener.begins(last);
      } else if (message.kind === 'found') {
        left = left!.slice(1);
        listener.found(message.finding);
      } else if (message.kind === 'ask') pipe!.ask(message.line);
      else if (message.kind === 'misuse') misuse(message.message);
      else end(() => resolve({ asked: message.asked, left: [], last }));
    });
    worker.on('error', (error: Error) => fail(`it threw outside of its calls: ${error.message ?? error}`));
    worker.on('exit', () => fail('it ended its thread'));
    let since = performance.now();
    let call = 0;
    const watch = setInterval(() => {
      const { underWay } = heartbeat;
      const waits = left === undefined || underWay !== 0;
      if (!waits || underWay !== call) since = performance.now();
      call = underWay;
      const limit = left === undefined ? limits.load : limits.call;
      if (performance.now() - since < limit) return;
      const what = left === undefined ? 'it did not come to an end' : 'a call did not come back';
      const { input: shown } = heartbeat;
      const input = left === undefined || shown === undefined ? '' : `, called with ${shown}`;
      fail(`${what} within ${limit / 1_000} s${input}`);
    }, 100);
  });
}

function threadOf(request: CheckRequest, { memory }: Heartbeat, pipe: Pipe | undefined): Worker {
  const { source, ...rest } = request;
  const from =
    source.kind === 'module' ? source : { kind: source.kind, answers: pipe!.answers, bell: pipe!.bell };
  const orders: Orders = { ...rest, source: from, heartbeat: memory };
  return startThread(
    new URL('./thread.js', import.meta.url),
    orders,
    pipe === undefined ? [] : [pipe.answers],
  );
}

function nameOf({ source }: CheckRequest): string {
  return source.kind === 'module' ? source.path : `'${source.command}'`;
}
