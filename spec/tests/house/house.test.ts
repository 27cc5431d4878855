import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { updateInverseBfgs } from '../../../src/curvature/inverse-bfgs.js';
import * as fluxion from '../../../src/index.js';
import { MarquardtSteps } from '../../../src/least-squares/marquardt-steps.js';
import { inverseQuasiNewton } from '../../../src/methods/inverse-quasi-newton.js';
import { descend } from '../../../src/search/descend.js';
import * as transforms from '../../../src/transforms/index.js';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/house.md', root), 'utf8');
const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text);

test('every path it names exists', () => {
  const paths = quoted.filter((text) => /^(src|streams|spec|dashboard|docs)\/|^\.[\w-]+\.cjs$/.test(text));
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test('its rooms of src are those there are, with the imports that the check allows', () => {
  const rows = [...page.matchAll(/^\| `src\/([\w-]+)\/` \|[^|]*\| (.*?) \|$/gm)].map(([, room, may]) => ({
    room,
    may,
  }));
  const folders = readdirSync(new URL('src', root), { withFileTypes: true }).filter((at) => at.isDirectory());
  expect(rows.map(({ room }) => room).sort()).toEqual(folders.map(({ name }) => name).sort());

  const { forbidden } = createRequire(import.meta.url)(new URL('.dependency-cruiser.cjs', root).pathname) as {
    forbidden: { name: string; to: { pathNot?: string } }[];
  };
  rows.forEach(({ room, may }, at) => {
    const above = rows.slice(0, at).map((row) => row.room);
    const told = may === 'all above' ? above : may === 'nothing' ? [] : may.split(', ');
    const rule = forbidden.find(({ name }) => name === `src/${room} looks only towards algebra`);
    const allowed = rule?.to.pathNot?.match(/\((.*)\)/)?.[1].split('|');
    expect([room, ...told].sort()).toEqual(allowed?.sort());
  });
});

test('its rooms of spec and dashboard are those there are', () => {
  for (const floor of ['spec', 'dashboard']) {
    const text = page
      .split('\n')
      .join(' ')
      .match(new RegExp(`\`${floor}/\` has ([^;.]*)`))![1];
    const told = [...text.matchAll(/`(\w+)`/g)].map(([, room]) => room);
    const there = readdirSync(new URL(floor, root), { withFileTypes: true })
      .filter((at) => at.isDirectory())
      .map(({ name }) => name);
    const unshipped = ['bench', 'data', 'tests'];
    expect(told.sort()).toEqual(there.filter((name) => !unshipped.includes(name)).sort());
  }
});

test('its examples are the methods', () => {
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code.trim());
  expect(blocks.length).toBe(3);
  const rules = { damping: 0.1, scaling: 'identity', acceleration: true };
  const names = {
    ...fluxion,
    ...transforms,
    descend,
    inverseQuasiNewton,
    updateInverseBfgs,
    MarquardtSteps,
    rules,
  };
  const made = (code: string) =>
    new Function(...Object.keys(names), `return ${code}`)(...Object.values(names));
  const problem = fluxion.moreGarbowHillstrom().find(({ name }) => name === 'beale')!;
  const path = (solver: fluxion.Solver) => {
    const points: number[][] = [];
    const onStep = ({ x }: { x: Float64Array }) => void points.push([...x]);
    fluxion.minimize(problem, problem.start, solver, { maxIterations: 20, onStep });
    expect(points.length).toBeGreaterThan(5);
    return points;
  };
  const through = (solver: fluxion.LeastSquaresSolver) => path(fluxion.throughResiduals(solver, problem));
  expect(path(fluxion.asSolver(made(blocks[0])))).toEqual(path(fluxion.asSolver(fluxion.adam())));
  expect(path(made(blocks[1]))).toEqual(path(fluxion.bfgs()));
  expect(through(made(blocks[2]))).toEqual(through(fluxion.levenbergMarquardt()));
});
