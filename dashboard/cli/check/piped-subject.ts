import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import {
  Misbehaviour,
  optionsOfClaim,
  type PlainOptimizer,
  plainSubject,
  type Said,
  type Subject,
  subjectOfExport,
} from '../../../spec/index.js';
import { Misuse } from '../arguments/misuse.js';
import type { Source } from './messages.js';
import { partThroughPipe } from './piped-part.js';

/**
 * An optimizer, or a part of one, in another process as a subject of the laws. Each call is a line of JSON there and a line back, for
 * which this thread waits: `ask` hands the line on, `source` rings and holds the answer.
 */
export async function pipedSubject(
  source: Extract<Source, { kind: 'pipe' }>,
  ask: (line: string) => void,
  said: Said,
): Promise<Subject> {
  const bell = new Int32Array(source.bell);
  const call = (request: object): Record<string, unknown> => {
    const rung = Atomics.load(bell, 0);
    ask(JSON.stringify(request, plainly));
    Atomics.wait(bell, 0, rung);
    const answer = answerOf(source.answers);
    if (typeof answer.error === 'string')
      throw new Misbehaviour(`it answered with an error: ${answer.error}`);
    return answer;
  };
  const hello = call({ call: 'hello' });
  const { name, claims, options, precision, choosesOptions } = hello as Partial<PlainOptimizer> & {
    choosesOptions?: boolean;
  };
  if (typeof name !== 'string' || name === '') {
    throw new Misuse(
      `check(command): expected {"name": …} in answer to {"call":"hello"}, got ${JSON.stringify(hello)}`,
    );
  }
  const part = partThroughPipe(call, hello);
  if (part !== undefined) return subjectOfExport(part, name, said);
  const stated = { claims: said.claims ?? claims, options: said.options ?? options };
  const stepsWith = (more: object): Pick<PlainOptimizer, 'init' | 'step'> => ({
    init: (x, { shapes }) => call({ call: 'init', x: [...x], shapes, ...more }).state,
    step: (x, gradient, state, { step, value, hessian, shapes }) =>
      call({
        call: 'step',
        x: [...x],
        gradient: [...gradient],
        state,
        step,
        value,
        shapes,
        ...(hessian && { hessian: [...hessian] }),
        ...more,
      }) as unknown as { x: number[] },
  });
  const plain = {
    name,
    precision,
    ...stated,
    ...(choosesOptions ? { create: (chosen: object) => stepsWith({ options: chosen }) } : stepsWith({})),
  };
  return plainSubject(plain as PlainOptimizer, optionsOfClaim(stated.claims, stated.options));
}

function answerOf(answers: MessagePort): Record<string, unknown> {
  const { message } = receiveMessageOnPort(answers) as { message: Record<string, unknown> };
  return message;
}

/** JSON has no NaN and no ∞: they are the words. */
function plainly(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value;
}
