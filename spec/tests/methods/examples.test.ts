import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as options from '../../../src/algebra/option.js';
import * as fluxion from '../../../src/index.js';
import * as transforms from '../../../src/transforms/index.js';

/** Every `@example` of a room: code that can be run, without types. */
function examples(room: string): [name: string, code: string][] {
  const folder = new URL(`../../../src/${room}/`, import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const found = [...text.matchAll(/@example([\s\S]*?)\n \*(?:\/| @)/g)];
    return found.map(([, body], i): [string, string] => [
      `${room}/${file}${i > 0 ? `, example ${i + 1}` : ''}`,
      body.replaceAll(/\n \* ?/g, '\n').trim(),
    ]);
  });
}

const rooms = {
  search: { ...fluxion },
  transforms: { ...fluxion, ...options, ...transforms },
  methods: { ...transforms, ...fluxion },
  problems: { ...transforms, ...fluxion },
};

for (const [room, scope] of Object.entries(rooms)) {
  test.each(examples(room))('the example of %s runs', (_, code) => {
    expect(code).not.toBe('');
    new Function(...Object.keys(scope), `'use strict';\n${code}`)(...Object.values(scope));
  });
}
