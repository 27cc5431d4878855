import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent, RunStarted } from '../../../dashboard/record/events.js';
import { RunLog } from '../../../dashboard/record/log/index.js';
import type { ControlListener } from '../../../dashboard/server/index.js';
import { type Served, serve } from '../../../dashboard/server/serve.js';
import { run as aRun, step } from '../record/run-events.js';
import { builtPage } from './built.js';
import { launch, noBrowser } from './chromium.js';

const run: RunStarted = {
  ...aRun,
  asked: 'mnist',
  batch: 32,
  steps: 100_000,
  methods: ['adam', 'kfac'].map((name) => ({
    ...aRun.methods[0],
    name,
    label: name,
    options: { learningRate: 0.01, ...(name === 'kfac' && { damping: 0.1 }) },
    operators: [{ name: 'gradient', options: {} }],
  })),
};

/** A run that takes a step of each method every 20 ms, records and obeys as a race does. */
class Racing {
  log: RunLog;
  readonly actions: string[] = [];
  #taken = 0;
  #ended = false;
  #paused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly directory: string) {
    this.log = RunLog.create(directory);
    this.log.append(run);
    this.go();
  }

  go(): void {
    this.#timer = setInterval(() => {
      if (!this.#paused) this.#step();
    }, 20);
  }

  readonly control: ControlListener = (action, adjustment): void => {
    this.actions.push(action);
    if (action === 'pause') this.#paused = true;
    if (action === 'resume') this.#paused = false;
    if (action === 'step') this.#step();
    if (action === 'adjust') {
      const step = this.#taken;
      this.log.append({ kind: 'control', action, by: 'page', step, seconds: this.#seconds, ...adjustment! });
      return;
    }
    this.log.append({ kind: 'control', action, by: 'page', seconds: this.#seconds });
    if (action === 'stop') this.end('stopped', 'stopped from the page');
  };

  end(kind: 'stopped' | 'budget', message: string): void {
    const outcome = { kind, message };
    const seconds = this.#seconds;
    for (const method of [0, 1])
      this.log.append({ kind: 'outcome', method, step: this.#taken, seconds, outcome });
    const results = run.methods.map(({ name, label }) => ({
      name,
      label,
      steps: this.#taken,
      millisecondsPerStep: 1,
      outcome,
    }));
    this.#ended = true;
    this.log.append({ kind: 'result', seconds, methods: results } satisfies RunEvent);
    this.cutOff();
  }

  /** As a process that is killed: nobody writes the log any more. */
  cutOff(): void {
    clearInterval(this.#timer);
    this.log.close();
  }

  resume(): void {
    this.log = RunLog.reopen(this.directory);
    if (this.#ended) this.log.append(run);
    this.#ended = false;
    this.#paused = false;
    this.go();
  }

  #step(): void {
    for (const method of [0, 1]) this.log.append({ ...step(this.#taken, 1, method), seconds: this.#seconds });
    this.#taken++;
  }

  get #seconds(): number {
    return this.#taken / 50;
  }
}

if (noBrowser) console.log(`The transitions of the page are not tested: ${noBrowser}`);

describe.skipIf(noBrowser)('the page follows the run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxion-transitions-'));
  let built: string;
  let browser: Browser;

  beforeAll(async () => {
    [browser, built] = await Promise.all([launch(), builtPage('page')]);
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** What a person sees of how the run stands. */
  const seen = (tab: Page) =>
    tab.evaluate<unknown>(`({
      badge: document.querySelector('.badge')?.textContent,
      rows: [...document.querySelectorAll('.methods tbody tr')].map((row) => row.querySelector('td:last-child')?.textContent),
      buttons: [...document.querySelectorAll('.controls button, .question button')].map((button) => button.textContent),
    })`);
  const both = (text: string) => [text, text];
  const going = ['Pause', 'Step', 'Checkpoint', 'Stop'];
  const held = ['Resume', 'Step', 'Checkpoint', 'Stop'];

  const times: { readonly transition: string; readonly milliseconds: number }[] = [];
  async function shows(
    tab: Page,
    transition: string,
    badge: string,
    rows: string,
    buttons: readonly string[],
  ) {
    const begun = performance.now();
    await expect
      .poll(() => seen(tab), { timeout: 15_000, interval: 20 })
      .toEqual({ badge, rows: both(rows), buttons });
    times.push({ transition, milliseconds: Math.round(performance.now() - begun) });
  }

  test('through every transition, in every tab, within seconds', async () => {
    const racing = new Racing(join(folder, 'run'));
    const key = Buffer.alloc(32, 7);
    const resume = 'npx fluxion race --resume runs/a';
    const start = (port: number, more = {}): Promise<Served> =>
      serve({
        directory: racing.directory,
        port,
        pageFolder: built,
        control: racing.control,
        key,
        resume,
        ...more,
      });
    let server = await start(0);
    const { port } = new URL(server.url);
    const context = await browser.newContext();
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on('pageerror', ({ message }) => complaints.push(message));
    await tab.goto(server.url);
    await shows(tab, 'opened', 'live', 'running', going);

    const button = (name: string) => tab.getByRole('button', { name, exact: true });
    await button('Pause').click();
    await shows(tab, 'pause', 'paused', 'paused', held);
    const speeds = () => tab.locator('.methods tbody tr').first().locator('td').allTextContents();
    const other = await context.newPage();
    await other.goto(server.url);
    await shows(other, 'opened while paused', 'paused', 'paused', held);
    await button('Step').click();
    await expect.poll(() => racing.actions).toEqual(['pause', 'step']);
    await shows(tab, 'one step', 'paused', 'paused', held);
    expect((await speeds()).join(' '), 'no rate and no time left while it is paused').not.toMatch(
      /left|\d:\d\d/,
    );
    await button('Resume').click();
    await shows(tab, 'resume', 'live', 'running', going);
    await shows(other, 'resume, in the other tab', 'live', 'running', going);

    await tab.getByText('Adjust', { exact: true }).click();
    const damping = tab.getByLabel('damping of kfac');
    expect(await damping.inputValue()).toBe('0.1');
    await damping.fill('0.02');
    await damping.press('Enter');
    await expect
      .poll(() => tab.locator('.adjust').textContent(), { timeout: 15_000 })
      .toMatch(/since step \d+, before 0.1/);
    await shows(tab, 'damping changed', 'live', 'running', going);
    await tab.keyboard.press('Escape');
    await button('Checkpoint').click();
    await expect.poll(() => racing.actions).toEqual(['pause', 'step', 'resume', 'adjust', 'checkpoint']);
    await shows(tab, 'checkpoint', 'live', 'running', going);

    await server.close();
    await shows(tab, 'its server is gone', 'reconnecting', 'reconnecting', []);
    server = await start(Number(port));
    await shows(tab, 'another process on its port', 'live', 'running', going);
    await server.close();
    await shows(tab, 'gone again', 'reconnecting', 'reconnecting', []);
    racing.cutOff();
    server = await start(Number(port), { control: undefined });
    await shows(tab, 'killed, and watched on its port', 'cut off', 'cut off', []);
    racing.resume();
    await shows(tab, 'resumed while it is watched', 'live', 'running', []);
    await server.close();
    await shows(tab, 'gone a third time', 'reconnecting', 'reconnecting', []);
    server = await start(Number(port), { key: Buffer.alloc(32, 8) });
    await expect
      .poll(() => tab.getByRole('alert').textContent(), { timeout: 15_000 })
      .toContain('open the one');
    await server.close();
    server = await start(Number(port));
    await shows(tab, 'back with the key it knows', 'live', 'running', going);
    expect(await tab.getByRole('alert').count()).toBe(0);

    await button('Stop').click();
    await expect.poll(() => tab.getByRole('alertdialog').textContent()).toContain(resume);
    await tab.keyboard.press('Escape');
    await shows(tab, 'asked to stop, and not stopped', 'live', 'running', going);
    expect(racing.actions).not.toContain('stop');
    await button('Stop').click();
    await tab.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
    await shows(tab, 'stop', 'stopped', 'stopped', []);
    await shows(other, 'stop, in the other tab', 'stopped', 'stopped', []);
    await tab.reload();
    await shows(tab, 'opened when stopped', 'stopped', 'stopped', []);
    racing.resume();
    await shows(tab, 'resumed after its stop', 'live', 'running', going);
    racing.end('budget', 'all steps were taken');
    await shows(tab, 'end', 'ended', 'all steps taken', []);
    await server.close();
    await new Promise((resolve) => setTimeout(resolve, 400));
    await shows(tab, 'its server ended after it', 'ended', 'all steps taken', []);
    expect(complaints).toEqual([]);
    console.log(
      times
        .map(({ transition, milliseconds }) => `${String(milliseconds).padStart(6)} ms  ${transition}`)
        .join('\n'),
    );
    expect(
      Math.max(...times.slice(1).map(({ milliseconds }) => milliseconds)),
      'slack for a busy machine',
    ).toBeLessThan(6_000);
  });
});
