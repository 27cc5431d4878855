import { afterEach, describe, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../../dashboard/cli/commands/command-line.js';
import { definitions } from '../../../dashboard/cli/terminal/help-text.js';
import { methodsIn } from '../../../src/methods/index.js';

const commands = [
  '',
  'race',
  'watch',
  'log',
  'export',
  'learn',
  'doctor',
  'check',
  'mutants',
  'runs',
  'runs label',
];
const columns = process.stdout.columns;

afterEach(() => {
  vi.restoreAllMocks();
  process.stdout.columns = columns;
});

async function help(command: string, width: number | undefined): Promise<string> {
  let text = '';
  process.stdout.columns = width as number;
  vi.spyOn(process.stdout, 'write').mockImplementation((written) => {
    text += written;
    return true;
  });
  const code = await runCommandLine([...command.split(' ').filter(Boolean), '--help']);
  vi.restoreAllMocks();
  expect(code).toBe(0);
  return text;
}

describe.each(commands)('fluxion %s --help', (command) => {
  test.each([
    ['a terminal of 70 columns', 70, 70],
    ['one of 80', 80, 80],
    ['one of 100', 100, 100],
    ['one of 240: no wider than is read with ease', 240, 100],
    ['a pipe', undefined, 80],
  ])('fits %s', async (_, width, most) => {
    const lines = (await help(command, width)).split('\n');
    expect(lines.filter((line) => line.length > most)).toEqual([]);
    expect(lines.length).toBeGreaterThan(5);
  });
});

test('names every method and option, whatever the width', async () => {
  for (const width of [70, 100]) {
    const text = await help('race', width);
    for (const place of ['train', 'minimize', 'leastSquares'] as const) {
      for (const { name, options } of methodsIn(place).values()) {
        const [, own = ''] = text.split(new RegExp(`\\n  ${name}(?: or .*)?\\n`));
        for (const option of Object.keys(options))
          expect(own, name).toMatch(new RegExp(`^ +${option}[= ]`, 'm'));
      }
    }
  }
});

test('a command too long goes on as a shell reads it, and quotes stay whole', () => {
  const command = "  fluxion race a --methods 'adam,kfac(damping = 1)' --steps 500";
  for (let width = 34; width <= 70; width++) {
    const text = definitions([[command, 'what it does']], width);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
    const typed = text
      .replace(/ *what\s+it\s+does$/, '')
      .replaceAll(/\\\n */g, '')
      .trim();
    expect(typed).toBe(command.trim());
  }
});
