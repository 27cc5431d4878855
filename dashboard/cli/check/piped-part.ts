import { Misbehaviour, type Phi } from '../../../spec/index.js';
import { Misuse } from '../arguments/misuse.js';

/** One line to the process, and its answer. */
export type Call = (request: object) => Record<string, unknown>;

type Numbers = ArrayLike<number>;

/** More looks along a line than any search needs. */
const mostLooks = 10_000;

/** What a process must do that says it is a part of this kind: functions that ask it, each a line there and a line back. */
const parts: Readonly<Record<string, (call: Call, hello: Readonly<Record<string, unknown>>) => object>> = {
  schedule: (call) => ({ at: (count: number) => call({ call: 'at', count }).rate }),
  linearSolver: (call) => ({
    solve: ({ matrix, n }: { matrix: Numbers; n: number }, b: Numbers) =>
      call({ call: 'solve', n, matrix, b }).x,
  }),
  subproblem: (call) => ({
    solve: (gradient: Numbers, hessian: Numbers, radius: number) =>
      call({ call: 'solve', gradient, hessian, radius }),
  }),
  operator: (call, { can = [] }) =>
    Object.fromEntries(
      ['apply', ...(can as string[])].map((what) => [
        what,
        (v?: Numbers) => call({ call: what, ...(v && { v }) }).x,
      ]),
    ),
  lineSearch: (call) => ({
    search(phi: Phi, first: number, longest: number) {
      let answer = call({ call: 'search', value: phi.value(0), slope: phi.slope(0), first, longest });
      for (let looks = 0; typeof answer.look === 'number'; looks++) {
        if (looks === mostLooks) throw new Misbehaviour(`search: looked ${mostLooks} times along one line`);
        const alpha = answer.look;
        answer = call({ call: 'look', alpha, value: phi.value(alpha), slope: phi.slope(alpha) });
      }
      return answer;
    },
  }),
};

/**
 * A module as `subjectOfExport` takes it, whose functions a process answers; nothing where it is no part but an optimizer.
 *
 * @throws Misuse where there is no such kind, or none that a pipe serves
 */
export function partThroughPipe(call: Call, hello: Readonly<Record<string, unknown>>): object | undefined {
  const { kind } = hello;
  if (kind === undefined || kind === 'optimizer') return undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(parts, kind)) {
    throw new Misuse(
      `check(command): kind: expected one of optimizer, ${Object.keys(parts).join(', ')}, got ${JSON.stringify(kind)}`,
    );
  }
  return { ...hello, ...parts[kind](call, hello) };
}
