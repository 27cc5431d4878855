import { expect, test } from 'vitest';
import { pictured, pictureOf } from '../laws/mutant-pictures.js';

// Drawn anew by `npx vitest run spec/tests/plot/mutant-pictures.test.ts --update`.
test.each([...pictured.keys()])('docs/mutants/%s.svg is what the two methods draw today', async (id) => {
  await expect(pictureOf(id)).toMatchFileSnapshot(`../../../docs/mutants/${id}.svg`);
});
