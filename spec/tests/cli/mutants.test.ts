import { expect, test } from 'vitest';
import { mutants } from '../../mutants/index.js';
import { shownSample } from '../../shown-sample.js';
import { fluxion, jsonLines } from './run-cli.js';

const folder = import.meta.dirname;

test('fluxion mutants finds what is asked for, in words and as JSON lines', async () => {
  const [words, lines] = await Promise.all([
    fluxion(['mutants', 'adan', 'newton-plus'], folder),
    fluxion(['mutants', 'adan', 'newton-plus', '--json'], folder),
  ]);
  const ids = mutants.map(({ id }) => id).filter((id) => id.startsWith('adan-') || id === 'newton-plus');
  expect(words.code, words.stderr).toBe(0);
  for (const id of ids) expect(words.stdout).toContain(`killed  ${id}: `);
  expect(words.stdout).toContain('Hp + g: expected an error of at most');
  expect(words.stdout).toContain(`${ids.length} of ${ids.length} mistakes found in`);

  const events = jsonLines(lines.stdout);
  expect(lines.code).toBe(0);
  expect(events.map(({ id }) => id)).toEqual([...ids, undefined]);
  expect(events[0]).toMatchObject({ event: 'mutant', law: '16', verdict: 'killed', replay: { seed: 1 } });
  expect(events.at(-1)).toMatchObject({
    event: 'result',
    mutants: ids.length,
    killed: ids.length,
    lived: [],
  });
});

test('one that is not found within the samples allowed makes exit code 1', async () => {
  const { code, stdout } = await fluxion(['mutants', 'dogleg-tau-beyond-2', '--runs', '1'], folder);
  expect(code).toBe(1);
  expect(stdout).toContain('lived  dogleg-tau-beyond-2: ');
  expect(stdout).toContain('not broken in 1 run');
  expect(stdout).toContain('0 of 1 mistakes found');
});

test('a name that is none is misuse', async () => {
  const { code, stderr } = await fluxion(['mutants', 'adma-ascends'], folder);
  expect(stderr).toContain("no mistake is called 'adma-ascends'; did you mean 'adam-ascends'?");
  expect(code).toBe(2);
});

test.each([
  ['{"at":{"shape":[],"data":Float64Array.from([2])}}', '{at: 2}'],
  ['[{"shape":[2,2],"data":Float64Array.from([1,0,0,-1])}]', '[[[1, 0], [0, -1]]]'],
  ['{"shape":[2,0],"data":Float64Array.from([])}', 'empty[2, 0]'],
  ['[Number.NaN,Number.NEGATIVE_INFINITY,{"c1":undefined}]', '[NaN, −∞, {c1: undefined}]'],
])('a sample %s is shown as %s', (text, shown) => expect(shownSample(text)).toBe(shown));
