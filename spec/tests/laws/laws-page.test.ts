import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { onTheHost } from '../../holders.js';
import { catalogue } from '../../laws/catalogue.js';
import type { Law } from '../../laws/law.js';
import { mutants } from '../../mutants/index.js';

/** Laws that are no property of a subject: what they say, and the test that holds them. */
const elsewhere: readonly (readonly [id: string, what: string, file: string])[] = [
  ['63', 'Two subscriptions are equal and share no state.', 'spec/tests/streams/laws.test.ts'],
  ['64', 'The same seed makes the same run in any order of scheduling.', 'spec/tests/streams/laws.test.ts'],
  ['65', 'From a checkpoint a run goes on bit for bit.', 'spec/tests/streams/laws.test.ts'],
  ['66', 'Unsubscribing at any event frees every array.', 'spec/tests/streams/laws.test.ts'],
  ['67', 'Live arrays stay as many, on accepted and rejected steps.', 'spec/tests/streams/laws.test.ts'],
  ['68', 'One frame is under way at a time.', 'spec/tests/streams/laws.test.ts'],
  ['69', 'Trouble is told once, with stage and step, and last.', 'spec/tests/streams/laws.test.ts'],
  ['70', 'A slow or dead client changes no bit of a run.', 'spec/tests/server/law-70.test.ts'],
  ['71', 'As many synchronous steps as are asked for complete.', 'spec/tests/streams/laws.test.ts'],
  [
    '72',
    'Pausing, stepping and restoring in any order make the plain run.',
    'spec/tests/streams/control.test.ts',
  ],
  [
    '78',
    'Second derivatives of any composition of operations agree with differences.',
    'spec/tests/tensors/gradients/compositions.test.ts',
  ],
  [
    '88',
    'Curvature asked for at step k with delay s is used from k + s on.',
    'spec/tests/streams/refreshed.test.ts',
  ],
  [
    '90',
    'A state or checkpoint of another version is refused by name, or goes on.',
    'spec/tests/record/checkpoint-file.test.ts',
  ],
  ['91', '`model.fit` makes the parameters that a pipeline makes.', 'spec/tests/tensors/fit.test.ts'],
];

const cell = (text: string) => text.replaceAll('|', '\\|');

/** Who obeys a law, each name once: oracles and instances of one method bear the same. */
function holders({ id, kind }: Law): string {
  if (id.startsWith('U'))
    return kind === 'optimizer'
      ? 'every optimizer'
      : kind === 'solver'
        ? 'every solver'
        : 'every solver of least squares';
  if (kind === 'factory') return 'every method, search, subproblem, schedule and test function';
  if (kind === 'function') return 'every test function, and models on small batches';
  if (kind === 'problem') return 'every problem over batches';
  const names = onTheHost()
    .filter(({ claims }) => claims.includes(id))
    .map((subject) => ('method' in subject ? subject.method : subject.name.replace(/[ ({].*$/, '')));
  return [...new Set(names)].map((name) => `\`${name}\``).join(', ');
}

test('docs/laws.md lists every law with who obeys it and the mistakes it finds', async () => {
  const rows = catalogue.map((one) => {
    const { id, name, statement, tolerance, source } = one;
    const law = `**${cell(name)}.** ${cell(statement)} (${cell(source)})`;
    const killed = mutants.filter((mutant) => mutant.killedBy === id).map((mutant) => `\`${mutant.id}\``);
    return `| ${id} | ${tolerance} | ${law} | ${holders(one)} | ${killed.join(', ')} |`;
  });
  const page = `# The laws

What a right optimizer satisfies, each law a property that is tried on samples and shrinks what breaks it to a
counterexample a person can read. Laws are tried on our methods and on naive forms of them that share no code, and
every law finds at least one mistake that was made on purpose: [mutants.md](mutants.md) shows them. This page is made from
the code by a test.

Tolerances: B bitwise; R backward error below 30 norms·n·ε; K forward error below 30·n·κ·ε; I inequality with an
allowance for rounding; S at most six standard deviations.

| law | | what it says | obeyed by | mistakes found |
|---|---|---|---|---|
${rows.join('\n')}

## Laws of runs, files and backends

What no single step shows is held by tests of its own, under the same numbers:

| law | what it says | where |
|---|---|---|
${elsewhere.map(([id, what, file]) => `| ${id} | ${what} | [${file}](../${file}) |`).join('\n')}
`;
  for (const [id, , file] of elsewhere) {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    expect(text, `law ${id} in ${file}`).toMatch(new RegExp(`[Ll]aw ${id}\\b`));
  }
  await expect(page).toMatchFileSnapshot('../../../docs/laws.md');
});
