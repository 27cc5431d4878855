import { expect, test } from 'vitest';
import { onTheHost } from '../../holders.js';
import { catalogue } from '../../laws/catalogue.js';
import type { Law } from '../../laws/law.js';
import { mutants } from '../../mutants/index.js';

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
`;
  await expect(page).toMatchFileSnapshot('../../../docs/laws.md');
});
