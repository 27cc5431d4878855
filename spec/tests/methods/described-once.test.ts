import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../../src/', import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** Comments on the fields of an interface whose options are described beside it. */
test.each(files.filter((file) => readFileSync(new URL(file, root), 'utf8').includes(': OptionsOf<')))(
  'no comment in %s repeats a default that docs/methods.md takes from the code',
  (file) => {
    const comments = readFileSync(new URL(file, root), 'utf8').match(/^ {2}\/\*\*[\s\S]*?\*\//gm) ?? [];
    for (const comment of comments) expect(comment).not.toMatch(/\bdefaults? |default:/i);
  },
);
