import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadModule } from '../../../dashboard/cli/arguments/load-module.js';
import { ReportCard } from '../../../dashboard/cli/check/report-card.js';
import { runCheck } from '../../../dashboard/cli/check/run-check.js';
import { check } from '../../check.js';
import { traits } from '../../laws/traits.js';
import { seed } from '../../seed.js';
import { partKinds } from '../../subjects/foreign/parts.js';
import { examples, subjectOfExport } from '../../subjects/foreign/subject-of-export.js';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/check.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'fluxion-check-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('docs/check.md shows what comes out for the module that it shows', async () => {
  const [, module] = page.match(/```ts\n(const \[rate.*?)```/s)!;
  const [, shown] = page.match(/```\n(my adam says.*?)```/s)!;
  const path = join(folder, 'my-adam.ts');
  writeFileSync(path, module);
  let printed = '';
  const card = new ReportCard({ write: (text) => (printed += text) }, (id, replay) => {
    return `fluxion check ./my-adam.ts --laws ${id} --seed ${replay?.seed} --replay ${replay?.path}`;
  });
  const source = { kind: 'module' as const, path };
  await runCheck({ source, seed: 1, runs: 100, seconds: 60 }, card);
  // On a slower machine laws that hold are tried on fewer samples, and more laws may have come since.
  const plain = (text: string) => text.replace(/ {2}\(\d+ runs\)/g, '').split('\n');
  const lines = plain(shown.replace(/\n[^\n]* in [\d.]+ s\.\n$/, ''));
  expect(lines.length).toBeGreaterThan(25);
  expect(plain(printed)).toEqual(expect.arrayContaining(lines));
});

it('docs/check.md lists every trait', () => {
  for (const { id, name } of traits) expect(page).toMatch(`| \`${id}\` | **${name}.**`);
});

const modules = [...page.matchAll(/```ts\n([^`]*?export default [^`]*?)```/g)].map(([, module], i) => {
  return [module.match(/name: '([^']+)'/)?.[1] ?? `module ${i + 1}`, module] as const;
});

it.each(modules.slice(1))('the example %s holds', async (name, module) => {
  const path = join(folder, `${name.replaceAll(' ', '-')}.ts`);
  writeFileSync(path, module);
  const subject = await subjectOfExport(await loadModule(path, 'test'), name);
  const { laws } = check(subject, { seed, runs: 20 });
  expect(laws.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
  expect(laws.some(({ verdict }) => verdict === 'holds')).toBe(true);
});

it.each(Object.entries(partKinds))('shows a module of kind %s', (_, { example }) => {
  expect(page).toContain(`\n\`\`\`js\n${example}\n\`\`\`\n`);
});

it('shows a pipeline', () => {
  expect(page).toContain(examples.pipeline);
});
