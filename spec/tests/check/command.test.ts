import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCheck } from '../../../dashboard/cli/check/run-check.js';
import { checkCommand } from '../../../dashboard/cli/commands/check.js';
import type { Finding, LawReport } from '../../index.js';
import { fluxion, jsonLines } from '../cli/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'fluxion-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** Adam by a stranger; `moments` says what is kept. */
const adam = (kept: string) => `
const [rate, beta1, beta2, epsilon] = [1e-3, 0.9, 0.999, 1e-8];
interface State { m: Float64Array; v: Float64Array; t: number }
export default {
  name: 'my adam',
  init: (x: Float64Array): State => ({ m: x.map(() => 0), v: x.map(() => 0), t: 0 }),
  step(x: Float64Array, g: Float64Array, state: State) {
    const t = state.t + 1;
    const m = state.m.map((mi, i) => beta1 * mi + (1 - beta1) * g[i]);
    const v = state.v.map((vi, i) => beta2 * vi + (1 - beta2) * g[i] ** 2);
    const [mHat, vHat] = [m.map((mi) => mi / (1 - beta1 ** t)), v.map((vi) => vi / (1 - beta2 ** t))];
    return { x: x.map((xi, i) => xi - (rate * mHat[i]) / (Math.sqrt(vHat[i]) + epsilon)), state: ${kept} };
  },
};`;
const right = file('right.ts', adam('{ m, v, t }'));
const wrong = file('wrong.ts', adam('{ m: mHat, v: vHat, t }'));

async function findings(source: string, agenda: readonly string[], more: object = {}) {
  const found: Finding[] = [];
  const asked = await runCheck(
    { source: { kind: 'module', path: source }, agenda, seed: 1, runs: 20, seconds: 240, ...more },
    { subject() {}, begins() {}, found: (finding) => found.push(finding) },
  );
  return { laws: found.filter((one) => one.event !== 'likeness') as LawReport[], asked };
}

describe('fluxion check', () => {
  it('holds a right Adam', async () => {
    const page = join(folder, 'report.html');
    const args = ['check', right, '--claims', 'adam', '--runs', '20', '--html', page];
    const { code, stdout } = await fluxion(args, folder);
    expect(stdout).toMatch(/^my adam says it is adam\(learningRate=0.001, beta1=0.9/);
    expect(stdout).toMatch('holds   A    agreement  (20 runs)');
    expect(stdout).toMatch('It behaves like adam, step for step.');
    expect(stdout).toMatch(/1\d laws held, in \d+\.\d s\.\n$/);
    expect(code).toBe(0);
    const html = readFileSync(page, 'utf8');
    expect(html).toMatch('<b>A</b> agreement');
    expect(html).toMatch(/<svg[^>]*><title>½\(\d*x² \+ \d+y²\)/);
    // It needs nothing but itself.
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|<link|src=/);
  });

  it('finds what is wrong with another, as JSON, and shows it again', async () => {
    const args = ['check', wrong, '--claims', 'adam', '--runs', '20', '--laws', '50,A', '--json'];
    const { code, stdout } = await fluxion(args, folder);
    expect(code).toBe(1);
    const [subject, law, agreement, result] = jsonLines(stdout);
    expect(subject).toMatchObject({ event: 'subject', name: 'my adam', claims: 'adam', agenda: ['50', 'A'] });
    expect(law).toMatchObject({
      event: 'law',
      id: '50',
      verdict: 'broken',
      expected: '-0.0009999999900000003',
    });
    expect(law.counterexample).toMatch('steps: 2');
    expect(agreement).toMatchObject({ event: 'law', id: 'A', verdict: 'broken' });
    expect(result).toMatchObject({ event: 'result', holds: false, broken: ['50', 'A'], seed: 1 });
    expect(law.replay).toMatch(
      /^fluxion check \S+wrong\.ts --claims adam --laws 50 --seed 1 --replay [\d:]+$/,
    );
    const again = await fluxion([...law.replay.split(' ').slice(1), '--json'], folder);
    const [, replayed] = jsonLines(again.stdout);
    expect(replayed).toMatchObject({ counterexample: law.counterexample, got: law.got });
  });

  it('ends with 2 and an example where there is nothing to check', async () => {
    const { code, stdout, stderr } = await fluxion(['check', '--json'], folder);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/expected a module or --command, got neither; for example\n\n {2}fluxion check/);
  });

  it.each<[string, string | undefined, object, RegExp]>([
    ['a file that is not there', './none.ts', {}, /there is no file .*none\.ts/],
    ['a module that does not load', file('bad.ts', 'export default {'), {}, /bad\.ts does not load: /],
    [
      'an export of nothing usable',
      file('odd.ts', 'export default { a: 1 }'),
      {},
      /an object with a; for example/,
    ],
    ['an unknown method', right, { claims: 'adma' }, /--claims: .*did you mean 'adam'/],
    ['an unknown option', right, { claims: 'adam', options: 'lr=1' }, /--claims: adam\(lr\): /],
    ['an unknown law', right, { laws: '50,none' }, /--laws: .*there is no law none/],
    ['a page in no folder', right, { html: './none/page.html' }, /--html: expected a file in a folder/],
    ['a replay of nothing', right, { replay: '0:1' }, /--replay: expected one law beside it/],
    [
      'a pipe that talks nonsense',
      undefined,
      { command: 'echo hello; sleep 5' },
      /answered 'hello' where .* for example/,
    ],
    ['a pipe that dies', undefined, { command: 'exit 3' }, /ended with exit code 3/],
  ])('tells %s apart from a broken law', async (_, path, options, message) => {
    await expect(checkCommand(path, { seed: 1, runs: 5, ...options })).rejects.toThrow(message);
  });
});

describe('whatever a subject does, the check ends', () => {
  const step = (name: string, body: string, init = '() => null') =>
    file(name, `export default { name: '${name}', init: ${init}, step(x, g, state) { ${body} } };`);
  const down = 'return { x: x.map((xi, i) => xi - 0.1 * g[i]), state };';

  it('one that loops for ever is ended, and told from which input', async () => {
    const path = step('loops.js', `while (g[0] > 0.5) {} ${down}`);
    const { laws } = await findings(path, ['U1', 'U2', 'U3']);
    expect(laws.map(({ verdict }) => verdict)).toEqual(['broken', 'broken', 'undecided']);
    expect(laws[0].explanation).toMatch(
      /did not come back within 3 s, called with x = \[.*\] and gradient = \[/,
    );
  });

  it('one that ends its thread, or throws behind its back', async () => {
    const exits = await findings(step('exits.js', 'process.exit(0);'), ['U1']);
    expect(exits.laws[0]).toMatchObject({ verdict: 'broken', explanation: 'it ended its thread' });
    const late = `queueMicrotask(() => { throw new Error('late'); }); ${down}`;
    const throws = await findings(step('late.js', late), ['U1', 'U2', 'U3']);
    expect(throws.laws.at(-1)!.explanation).toMatch(/late/);
  });

  it('one that misbehaves is told so once', async () => {
    const { laws } = await findings(step('throws.js', "throw new Error('out of luck');"), ['U1', 'U2', 'U3']);
    expect(laws.map(({ verdict }) => verdict)).toEqual(['broken', 'undecided', 'undecided']);
    expect(laws[0].explanation).toMatch('step threw Error: out of luck');
  });

  it('one that asks the clock or Math.random is not deterministic, and told why', async () => {
    const clock = step('clock.js', 'return { x: x.map((xi) => xi - Date.now() * 1e-9), state };');
    const timed = await findings(clock, ['U1']);
    expect(timed).toMatchObject({ asked: ['the clock'], laws: [{ verdict: 'broken' }] });
    const random = step('random.js', 'return { x: x.map((xi) => xi - Math.random()), state };');
    const drawn = await findings(random, ['U1']);
    expect(drawn).toMatchObject({ asked: ['Math.random()'], laws: [{ verdict: 'broken' }] });
  });
});

describe('through a pipe', () => {
  const script = (answer: string) =>
    file(
      'piped.mjs',
      `import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) {
  const { call, x, gradient, state } = JSON.parse(line);
  ${answer}
  console.log(JSON.stringify(reply));
}`,
    );

  it('momentum is momentum', async () => {
    const path = script(`
  const velocity = (state ?? x ?? []).map((v, i) => (state === null ? 0 : 0.9 * v) + (gradient?.[i] ?? 0));
  const reply = call === 'hello' ? { name: 'piped', claims: 'momentum' }
    : call === 'init' ? { state: x.map(() => 0) }
    : { x: x.map((xi, i) => xi - 0.01 * velocity[i]), state: velocity };`);
    const source = { kind: 'pipe' as const, command: `node ${path}` };
    const { laws } = await findings('', ['U1', 'U4', 'U5', '9b', 'A'], { source });
    expect(laws.map(({ verdict, runs }) => [verdict, runs])).toEqual(Array(5).fill(['holds', 20]));
  });

  it('an error is an answer', async () => {
    const path = script(
      `const reply = call === 'step' ? { error: 'out of luck' } : { name: 'piped', state: 0 };`,
    );
    const source = { kind: 'pipe' as const, command: `node ${path}` };
    const { laws } = await findings('', ['U1'], { source });
    expect(laws[0].explanation).toMatch('it answered with an error: out of luck');
  });
});
