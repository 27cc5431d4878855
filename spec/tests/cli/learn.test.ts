import { afterEach, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../../dashboard/cli/commands/command-line.js';

afterEach(() => vi.restoreAllMocks());

/** Runs the command line here, and catches what it says. */
async function said(...args: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += chunk;
      return true;
    });
  }
  const code = await runCommandLine(args);
  vi.restoreAllMocks();
  return { code, text };
}

test('fluxion learn --help shows how', async () => {
  const { code, text } = await said('learn', '--help');
  expect(code).toBe(0);
  expect(text).toContain('fluxion learn --out lessons');
  expect(text).toContain('methods=newton,bfgs&step=3');
});

test.each([
  [['--out', ''], 'learn(out): expected the path of a folder, got nothing'],
  [['--out', 'lessons', '--port', '8080'], 'learn(port): expected none with --out, which needs no server'],
  [['--port', '70000'], 'fluxion(--port): expected a whole number in [0, 65535], got 70000'],
  [['--prot', '8080'], "unknown option '--prot'"],
  [['newton'], 'too many arguments'],
])('fluxion learn %j is refused in words', async (args, words) => {
  const { code, text } = await said('learn', ...args);
  expect(code).toBe(2);
  expect(text).toContain(words);
});
