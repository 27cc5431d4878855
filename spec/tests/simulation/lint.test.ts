import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/** Ways past the environment: each line is refused in files that are simulated. */
const ways = [
  'void Date.now();',
  'void new Date();',
  'void Math.random();',
  'void performance.now();',
  'void process.hrtime.bigint();',
  'void setTimeout(() => {}, 1);',
  'void setInterval(() => {}, 1);',
  'void setImmediate(() => {});',
  'queueMicrotask(() => {});',
  'process.nextTick(() => {});',
  'void new MessageChannel();',
  'void globalThis.structuredClone;',
  'void crypto.getRandomValues(new Uint8Array(1));',
  "void fetch('http://localhost');",
  "void new WebSocket('ws://localhost');",
  "import { readFileSync } from 'node:fs';",
  "import { readFile } from 'node:fs/promises';",
  "import { connect } from 'node:net';",
  "import { setTimeout as wait } from 'node:timers/promises';",
  "import { randomBytes } from 'node:crypto';",
];

/** The lines that lint refuses in files of these names, each with all the ways. */
function refused(files: readonly string[]): Map<string, number[]> {
  const house = mkdtempSync(join(tmpdir(), 'fluxion-lint-'));
  onTestFinished(() => rmSync(house, { recursive: true }));
  const rules = 'spec/simulation/only-the-environment.grit';
  for (const path of ['biome.json', rules]) cpSync(path, join(house, path), { recursive: true });
  for (const file of files) {
    mkdirSync(join(house, dirname(file)), { recursive: true });
    writeFileSync(join(house, file), `${ways.join('\n')}\n`);
  }
  const { stdout } = spawnSync(
    resolve('node_modules/.bin/biome'),
    ['lint', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: house, encoding: 'utf8' },
  );
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
  const found = new Map<string, Set<number>>(files.map((file) => [file, new Set()]));
  for (const { category, location } of diagnostics) {
    if (category === 'plugin' || category.includes('noRestricted')) {
      found.get(location.path)?.add(location.start.line);
    }
  }
  return new Map([...found].map(([file, lines]) => [file, [...lines].sort((a, b) => a - b)]));
}

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

test('lint refuses every way past the environment and the disk, save where they are made', () => {
  const simulated = [
    'src/transforms/some.ts',
    'streams/some.ts',
    'dashboard/record/log/some.ts',
    'dashboard/server/some.ts',
  ];
  const real = 'streams/environment.ts';
  const lines = refused([...simulated, real]);
  const all = ways.map((_, i) => i + 1);
  for (const file of simulated) expect([file, lines.get(file)]).toStrictEqual([file, all]);
  expect(lines.get(real)).toStrictEqual([]);
});
