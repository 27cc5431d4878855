import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Judged, Told, Work } from './worker.js';

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

/** How long a process may be silent, in ms: it speaks after every law. */
const silence = 1_200_000;

/**
 * Holds mutants against the laws in a process of their own, which is ended and begun again where one does not end or
 * leaves something behind. Each is judged once.
 */
export async function heldAgainstLaws(
  work: Work,
  numbers: readonly number[],
  onJudged: (judged: Judged) => void,
  onReady: (trials: number) => void,
): Promise<void> {
  let left = [...numbers];
  while (left.length > 0) {
    const before = left.length;
    const ended = await oneProcess(work, left, onReady, (judged) => {
      left = left.filter((number) => number !== judged.number);
      onJudged(judged);
    });
    if (ended === 'silent' && left.length > 0) {
      const [number, ...rest] = left;
      left = rest;
      const why = 'the mutant does not end';
      onJudged({ number, verdict: 'laws', by: 'the clock', why, milliseconds: silence });
    } else if (ended !== 'done' && left.length === before) throw new Error(`mutate: ${ended}`);
  }
}

function oneProcess(
  work: Work,
  numbers: readonly number[],
  onReady: (trials: number) => void,
  onJudged: (judged: Judged) => void,
): Promise<'done' | 'spoilt' | 'silent' | string> {
  return new Promise((resolve) => {
    const child = fork(worker, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let complaint = '';
    let ended: string | undefined;
    let ready = false;
    child.stderr?.on('data', (text) => (complaint = (complaint + text).slice(-2_000)));
    let timer: NodeJS.Timeout;
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        ended = ready ? 'silent' : 'the laws did not end without a mutant';
        child.kill('SIGKILL');
      }, silence);
    };
    listen();
    child.on('message', (told: Told) => {
      listen();
      if (told.kind === 'ready') {
        ready = true;
        onReady(told.trials);
      } else if (told.kind === 'judged') onJudged(told.judged);
      else if (told.kind !== 'alive') ended ??= told.kind;
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(ended ?? `the process ended with code ${code}: ${complaint}`);
    });
    child.send({ work, numbers });
  });
}
