import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunLog } from '../../../dashboard/record/log/index.js';
import { deletedRuns, readLabels } from '../../../dashboard/record/runs/index.js';
import type { BranchRequest } from '../../../dashboard/server/index.js';
import { type Served, serve } from '../../../dashboard/server/serve.js';
import { run, step } from '../record/run-events.js';
import { builtPage } from './built.js';
import { launch, noBrowser } from './chromium.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

if (noBrowser) console.log(`The list of runs is not tested in a browser: ${noBrowser}`);

/** Records a run; it is whole where it is not left open. */
function record(folder: string, name: string, created: string, method = 'adam', beta1 = 0.9): RunLog {
  const log = RunLog.create(join(folder, name));
  const methods = [{ ...run.methods[0], name: method, label: method, asked: method, options: { beta1 } }];
  log.append({ ...run, run: name, problem: 'mnist', batch: 32, steps: 60, created, methods });
  for (let k = 0; k < 60; k++) log.append(step(k));
  log.append({ kind: 'checkpoint', method: 0, step: 60, seconds: 1, file: 'checkpoints/adam.safetensors' });
  const outcome = { kind: 'budget', message: 'all 60 steps were taken' } as const;
  log.append({ kind: 'outcome', method: 0, step: 60, seconds: 1, outcome });
  const result = { name: method, label: method, steps: 60, millisecondsPerStep: 1, outcome };
  log.append({ kind: 'result', seconds: 1, methods: [result] });
  return log;
}

describe.skipIf(noBrowser)('the list of runs', () => {
  const top = mkdtempSync(join(tmpdir(), 'fluxion-list-'));
  const folder = join(top, 'runs');
  let built: string;
  const pictures = mkdtempSync(join(tmpdir(), 'fluxion-list-pictures-'));
  let browser: Browser;
  let server: Served;

  beforeAll(async () => {
    record(folder, 'first', '2026-01-01T00:00:00Z').close();
    record(folder, 'second', '2026-01-02T00:00:00Z', 'adam', 0.5).close();
    record(folder, 'third', '2026-01-03T00:00:00Z', 'kfac').close();
    mkdirSync(join(folder, 'foreign'));
    writeFileSync(join(folder, 'foreign', 'events.log'), 'something else');
    [browser, built] = await Promise.all([launch(), builtPage('page')]);
    server = await serve({ folder, port: 0, pageFolder: built });
  });

  afterAll(async () => {
    await server?.close();
    await browser?.close();
    rmSync(top, { recursive: true });
    console.log(`pictures of the list: ${pictures}`);
  });

  const until = { timeout: 20_000, interval: 30 };
  const names = (tab: Page) => tab.locator('.runs tbody th a').allTextContents();
  const shows = (tab: Page, expected: readonly string[]) =>
    expect.poll(() => names(tab), until).toEqual(expected);

  async function open(url: string) {
    const context = await browser.newContext({ viewport: { width: 1500, height: 700 } });
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on('pageerror', ({ message }) => complaints.push(message));
    await tab.goto(url);
    return { tab, complaints, close: () => context.close() };
  }

  test('says on its page why a run cannot be shown', async () => {
    const { tab, complaints, close } = await open(server.url);
    await tab.goto(new URL('/?run=foreign', server.url).href);
    await expect.poll(() => tab.getByRole('alert').textContent(), until).toContain('not a run log');
    expect(complaints).toEqual([]);
    await close();
  });

  test('finds, labels, archives, deletes and takes back', async () => {
    const { tab, complaints, close } = await open(server.url);
    const row = (name: string) =>
      tab.locator('.runs tbody tr').filter({ has: tab.getByRole('link', { name }) });
    // One that cannot be read says why, in its place by the time it was written.
    await expect.poll(() => names(tab), until).toHaveLength(4);
    expect((await names(tab)).filter((name) => name !== 'foreign')).toEqual(['third', 'second', 'first']);
    expect(await row('foreign').textContent()).toContain('not a run log');
    expect(await row('second').textContent()).toContain('adam.beta1=0.5');
    await tab.screenshot({ path: join(pictures, 'light.png') });
    await tab.emulateMedia({ colorScheme: 'dark' });
    await tab.screenshot({ path: join(pictures, 'dark.png') });
    await tab.setViewportSize({ width: 390, height: 844 });
    await tab.screenshot({ path: join(pictures, 'phone.png') });
    const width = await tab.evaluate<number>('document.documentElement.scrollWidth');
    expect(width, 'the page is no wider than a phone').toBeLessThanOrEqual(390);
    await tab.setViewportSize({ width: 1500, height: 700 });

    const find = tab.getByRole('searchbox', { name: 'Search runs' });
    await find.fill('kfac');
    await shows(tab, ['third']);
    await tab.getByRole('button', { name: 'Label third' }).click();
    await tab.getByLabel('name', { exact: true }).fill('The good one');
    await tab.getByLabel('tags').fill('#talk, best');
    await tab.getByLabel('notes').fill('damping 0.1');
    await tab.getByRole('button', { name: 'Save' }).click();
    await shows(tab, ['The good one']);
    expect(readLabels(join(folder, 'third'))).toMatchObject({
      name: 'The good one',
      tags: ['talk', 'best'],
      notes: 'damping 0.1',
    });
    await find.fill('#talk damping');
    await shows(tab, ['The good one']);
    await find.fill('');

    await tab.getByRole('button', { name: 'Archive first' }).click();
    await expect.poll(() => names(tab), until).not.toContain('first');
    await tab.getByLabel('1 archived').check();
    await expect.poll(() => names(tab), until).toContain('first');
    await tab.getByRole('button', { name: 'Delete second' }).click();
    await expect.poll(() => names(tab), until).not.toContain('second');
    expect(deletedRuns(folder)).toEqual(['second']);
    await tab.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => names(tab), until).toContain('second');
    expect(complaints).toEqual([]);
    await close();
  });

  test('tells of new runs and of their end, and opens several together', async () => {
    const { tab, complaints, close } = await open(server.url);
    await expect.poll(() => names(tab), until).toContain('The good one');
    const log = RunLog.create(join(folder, 'newest'));
    log.append({
      ...run,
      run: 'newest',
      problem: 'mnist',
      batch: 32,
      steps: 60,
      created: '2026-02-01T00:00:00Z',
    });
    log.append(step(0));
    log.flush();
    const newest = tab.locator('.runs tbody tr').filter({ hasText: 'newest' });
    await expect.poll(() => newest.textContent(), until).toContain('running');
    log.append(step(1));
    log.close();
    await expect.poll(() => newest.textContent(), until).toContain('cut off');

    await tab.getByLabel('Pick second').check();
    await tab.getByLabel('Pick The good one').check();
    await tab.getByRole('link', { name: 'Compare 2 runs' }).click();
    const labels = () => tab.locator('.methods tbody th').allTextContents();
    await expect.poll(labels, until).toEqual(['adam', 'third: kfac']);
    await expect.poll(() => tab.locator('.methods tbody').textContent(), until).toContain('60');
    await tab.screenshot({ path: join(pictures, 'compared.png') });
    await tab.getByText('Export', { exact: true }).click();
    const [file] = await Promise.all([tab.waitForEvent('download'), tab.getByText('CSV, a table').click()]);
    expect(file.suggestedFilename()).toBe('second.csv');
    await tab.screenshot({ path: join(pictures, 'compared.png') });
    await tab.getByRole('link', { name: 'All runs' }).click();
    await expect.poll(() => names(tab), until).toContain('second');
    expect(complaints).toEqual([]);
    await close();
  });

  test('lets who has the address to share look, and change nothing', async () => {
    const { tab, close } = await open(server.readOnlyUrl);
    await expect.poll(() => names(tab), until).toContain('second');
    expect(await tab.getByRole('button', { name: /Delete|Archive|Label/ }).count()).toBe(0);
    const answer = await tab.evaluate<string>(`new Promise((done) => {
      const socket = new WebSocket('ws://' + location.host + '/runs');
      socket.onopen = () => socket.send(JSON.stringify({ kind: 'delete', path: 'second' }));
      socket.onmessage = ({ data }) => data.includes('refused') && done(data);
    })`);
    expect(answer).toContain('change nothing');
    expect(await names(tab)).toContain('second');
    const file = await tab.evaluate<string>(
      `fetch('/export?format=csv&run=second').then((answer) => answer.text())`,
    );
    expect(file.split('\r\n')[1]).toMatch(/^step,adam,1,0,32,/);
    const archive = await tab.evaluate<[string, number]>(`fetch('/export?format=tensorboard&run=second').then(
      async (answer) => [answer.headers.get('content-disposition'), (await answer.arrayBuffer()).byteLength % 512])`);
    expect(archive).toEqual(['attachment; filename="second.tensorboard.tar"', 0]);
    const outside = await tab.evaluate<number[]>(
      `Promise.all(['..', '.deleted', '/etc', ''].map((run) => fetch('/export?run=' + run).then(({ status }) => status)))`,
    );
    expect(outside).toEqual([404, 404, 404, 404]);
    await close();
  });

  test('breaks none of the rules that axe knows (WCAG 2.2 AA)', async () => {
    const { tab, close } = await open(server.url);
    await expect.poll(() => names(tab), until).toContain('second');
    await tab.getByRole('button', { name: 'Label second' }).click();
    await tab.getByRole('button', { name: 'Compare options' }).click();
    const axis = tab.getByRole('slider', { name: /^beta1/ });
    await axis.press('ArrowDown'); // its lower half
    await expect.poll(() => axis.getAttribute('aria-valuetext'), until).toBe('from about 0.5 to 0.5');
    await axis.press('Escape');
    await expect.poll(() => axis.getAttribute('aria-valuetext'), until).toBe('all');
    const { x, y, width, height } = (await axis.boundingBox())!;
    await tab.mouse.move(x + width / 2, y + 9);
    await tab.mouse.down();
    await tab.mouse.move(x + width / 2, y + height * 0.3, { steps: 3 });
    await tab.mouse.up();
    await expect.poll(() => names(tab), until).not.toContain('second'); // its beta1 lies below
    const left = await names(tab);
    expect(left.some((name) => /third|The good one/.test(name))).toBe(true);
    await tab.getByRole('button', { name: 'Pick these' }).click();
    await expect
      .poll(() => tab.getByRole('link', { name: `Compare ${left.length} runs` }).count(), until)
      .toBe(1);
    await expect.poll(() => tab.url(), until).toMatch(/#compare=1&brush=beta1:0\.\d+:1\.000$/);
    await tab.reload();
    await expect.poll(() => names(tab), until).toEqual(left); // a link shows what was chosen
    await tab.getByRole('button', { name: 'Label' }).first().click();
    await tab.screenshot({ path: join(pictures, 'parallel.png') });
    for (const [colorScheme, width] of [
      ['light', 1500],
      ['dark', 390],
    ] as const) {
      await tab.emulateMedia({ colorScheme });
      await tab.setViewportSize({ width, height: 900 });
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate<{
        violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
      }>(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })`);
      expect(violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary])).toEqual([]);
    }
    await close();
  });

  test('begins a branch from a checkpoint, and shows both in one chart', async () => {
    const asks: BranchRequest[] = [];
    const own = await serve({
      directory: join(folder, 'first'),
      folder,
      port: 0,
      pageFolder: built,
      branch: async (request) => {
        asks.push(request);
        if (request.changes.beta1 === 2)
          throw new RangeError('adam(beta1): expected a number in [0, 1), got 2');
        record(folder, 'first-branch', '2026-01-05T00:00:00Z', 'adam', 0.8).close();
        return { directory: join(folder, 'first-branch'), url: 'http://127.0.0.1:1/' };
      },
    });
    const { tab, complaints, close } = await open(own.url);
    const begin = async (beta1: string, steps: string) => {
      await tab.getByRole('button', { name: 'Branch' }).click();
      await tab.getByLabel('beta1').fill(beta1);
      await tab.getByLabel('steps in all').fill(steps);
      await tab.getByRole('button', { name: 'Begin' }).click();
    };
    await begin('0.8', '60');
    const dialog = tab.getByRole('dialog', { name: 'Branch from a checkpoint' });
    await expect.poll(() => dialog.getByRole('alert').textContent(), until).toContain('more than the 60');
    await tab.evaluate(axe);
    const { violations } = await tab.evaluate<{ violations: { id: string }[] }>(`axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })`);
    expect(violations.map(({ id }) => id)).toEqual([]);
    await tab.screenshot({ path: join(pictures, 'branch.png') });
    await tab.keyboard.press('Escape');
    await begin('2', '100');
    await expect.poll(() => tab.locator('.notice').textContent(), until).toContain('adam(beta1): expected');
    await begin('0.8', '100');
    await expect.poll(() => tab.locator('.news').textContent(), until).toContain('first-branch has begun');
    expect(await tab.locator('.notice').count()).toBe(0);
    const asked = { directory: join(folder, 'first'), label: 'adam', asked: 'adam', steps: 100 };
    expect(asks).toEqual([
      { ...asked, changes: { beta1: 2 } },
      { ...asked, changes: { beta1: 0.8 } },
    ]);
    await tab.getByRole('link', { name: 'See both in one chart' }).click();
    const labels = () => tab.locator('.methods tbody th').allTextContents();
    await expect.poll(labels, until).toEqual(['adam', 'branch: adam']);
    const differ = tab.getByRole('region', { name: 'Options that differ' }).locator('tr');
    await expect
      .poll(() => differ.allInnerTexts(), until)
      .toEqual(['options that differ\tadam.beta1', 'first\t0.9', 'branch\t0.8']);
    await tab.getByRole('link', { name: 'All runs' }).click();
    await expect.poll(() => names(tab), until).toContain('first-branch');
    expect(complaints).toEqual([]);
    await close();
    await own.close();
  });

  test('says so where a run is deleted while it is looked at', async () => {
    record(folder, 'doomed', '2026-03-01T00:00:00Z').close();
    const { tab, close } = await open(server.url);
    await expect.poll(() => names(tab), until).toContain('doomed');
    await tab.getByRole('link', { name: 'doomed' }).click();
    await expect.poll(() => tab.locator('.badge').textContent(), until).toBe('ended');
    rmSync(join(folder, 'doomed'), { recursive: true });
    await expect.poll(() => tab.getByRole('alert').textContent(), until).toContain('has been deleted');
    expect(await tab.locator('.methods tbody').textContent()).toContain('adam');
    await close();
    expect(readFileSync(join(folder, 'second', 'events.log')).length).toBeGreaterThan(0);
  });
});
