import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { RunLog } from '../../../dashboard/record/log/index.js';
import { startDashboard } from '../../../dashboard/server/index.js';
import { noBrowser } from './chromium.js';
import { boothRun, recordedRun } from './recorded-run.js';
import { badge, cell, headings, inColours, stage, until } from './stage.js';

if (noBrowser) console.log(`The page is not tested in a browser: ${noBrowser}`);

describe.skipIf(noBrowser)('the page in a browser', () => {
  const { folder, browser, open } = stage();
  const run = recordedRun({ methods: 6, steps: 600, diverges: { method: 5, step: 300 }, ended: true });
  test('shows every panel, every method, and where one diverged', async () => {
    const { tab, complaints, close } = await open(run, run.events.length);
    await expect.poll(() => badge(tab).textContent(), until).toBe('ended');
    await expect
      .poll(() => tab.locator('.panel h2').allTextContents(), until)
      .toEqual([
        'Training loss',
        'Test accuracy',
        'Test loss',
        'Gradient norm ‖g‖',
        'Update norm ‖Δx‖',
        'Time of a step ms',
      ]);
    expect(await headings(tab)).toEqual([
      'method',
      'step',
      'train loss (over ~20 steps)',
      'test accuracy',
      'test loss',
      'ms/step (own work)',
      'outcome',
    ]);
    await expect.poll(() => cell(tab, 'adam', 0).textContent(), until).toBe('600 / 600');
    const evaluations = run.events.filter((event) => event.kind === 'evaluation' && event.method === 2);
    const last = evaluations.at(-1) as { accuracy: number };
    expect(await cell(tab, 'adam', 2).textContent()).toContain(`${(100 * last.accuracy).toFixed(2)}\u2009%`);
    expect(await cell(tab, 'nesterov', 0).textContent()).toBe('301 / 600');
    expect(await cell(tab, 'nesterov', 1).textContent()).toBe('NaN');
    expect(await cell(tab, 'nesterov', 5).textContent()).toContain('✕ diverged');
    await expect.poll(() => inColours(tab, 'light', 6), until).toEqual([0, 1, 2, 3, 4, 5]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('comes back after a broken connection, without a gap', async () => {
    const { server, tab, close } = await open(run, 1000);
    await expect.poll(() => badge(tab).textContent(), until).toBe('live');
    const steps = run.events.slice(0, 1000).filter((event) => event.kind === 'step' && event.method === 2);
    const seen = `${steps.length} / 600`;
    await expect.poll(() => cell(tab, 'adam', 0).textContent(), until).toBe(seen);
    server.interrupt();
    await expect.poll(() => badge(tab).textContent(), until).toBe('reconnecting');
    expect(await cell(tab, 'adam', 0).textContent()).toBe(seen);
    server.append(run.events.slice(1000));
    server.restore();
    await expect.poll(() => badge(tab).textContent(), until).toBe('ended');
    expect(server.hellos).toEqual([
      { kind: 'hello', lastSeq: 0 },
      { kind: 'hello', run: run.started.run, lastSeq: 1000 },
    ]);
    await expect.poll(() => cell(tab, 'adam', 5).textContent(), until).toBe('all steps taken');
    const resumed = await tab.locator('.methods tbody').textContent();
    await tab.reload();
    await expect.poll(() => badge(tab).textContent(), until).toBe('ended');
    await expect.poll(() => tab.locator('.methods tbody').textContent(), until).toBe(resumed);
    await close();
  });

  test('sends what the buttons say, and says why they are off', async () => {
    const { server, tab, close } = await open(run, 1000);
    await expect.poll(() => badge(tab).textContent(), until).toBe('live');
    expect(await tab.getByRole('button', { name: 'Step', exact: true }).getAttribute('title')).toContain(
      'Pause first',
    );
    await tab.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => server.controls, until).toEqual(['pause']);
    server.append([{ kind: 'control', action: 'pause', seconds: 10 }]);
    await expect.poll(() => badge(tab).textContent(), until).toBe('paused');
    await tab.getByRole('button', { name: 'Step', exact: true }).click();
    await tab.getByRole('button', { name: 'Resume' }).click();
    await tab.getByRole('button', { name: 'Stop' }).click();
    await tab.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => server.controls, until).toEqual(['pause', 'step', 'resume', 'stop']);
    server.append(run.events.slice(-1));
    await expect.poll(() => tab.getByRole('button', { name: 'Stop' }).count(), until).toBe(0);
    await close();
  });

  test('shows a test function down to the last digits: points, and losses far below one', async () => {
    const { tab, complaints, close } = await open(boothRun(60), 1000);
    await expect.poll(() => badge(tab).textContent(), until).toBe('cut off');
    const points = tab.locator('.methods', { hasText: 'Points' }).locator('tbody tr').first();
    await expect.poll(() => points.textContent(), until).toBe('newton5901.000003.00000');
    expect(await tab.locator('.panel h2').allTextContents()).toEqual([
      'Value',
      'Gradient norm ‖g‖',
      'Update norm ‖Δx‖',
      'Time of a step ms',
    ]);
    expect(await tab.locator('.smoothing output').textContent()).toBe('off');
    await expect.poll(() => inColours(tab, 'light', 2), until).toEqual([0, 1]);
    await tab.getByRole('button', { name: 'Logarithmic axis for Value' }).click();
    await expect.poll(() => inColours(tab, 'light', 2), until).toEqual([0, 1]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('shows of a function what it has, and nothing it cannot have', async () => {
    const { tab, complaints, close } = await open(boothRun(60), 1000);
    await expect.poll(() => badge(tab).textContent(), until).toBe('cut off');
    await expect
      .poll(() => headings(tab), until)
      .toEqual(['method', 'step', 'value', 'evaluations f · ∇f · ∇²f v', 'ms/step (own work)', 'outcome']);
    const rows = tab.locator('.methods').first().locator('tbody tr');
    await expect.poll(() => rows.nth(0).locator('td').nth(1).textContent(), until).toBe('0 (best)');
    expect(await rows.nth(0).locator('td').nth(2).textContent()).toBe('60 · 60 · 0');
    expect(await rows.nth(1).locator('td').nth(2).textContent()).toBe('60 · 60 · 1');
    const nodes = tab.locator('.pipelines .node');
    expect(await nodes.locator('.node-name').allTextContents()).toEqual([
      'booth',
      'gradient',
      'learningRate',
      'point',
    ]);
    expect(await nodes.nth(0).textContent()).toBe('booth60 f · 60 ∇f');
    expect(await tab.locator('.pipelines .share').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('shows the pipeline of the method that is looked at as a live graph', async () => {
    const { server, tab, complaints, close } = await open(run, 2500, { hash: '#focus=2' });
    await expect.poll(() => badge(tab).textContent(), until).toBe('live');
    const nodes = tab.locator('.pipelines .node');
    const names = () => nodes.locator('.node-name').allTextContents();
    const adam = ['batches', 'gradient', 'scaleByMoments', 'learningRate', 'parameters', 'evaluation'];
    await expect.poll(names, until).toEqual(adam);
    await tab.locator('.legend button', { hasText: 'momentum' }).focus();
    await expect.poll(async () => (await names())[2], until).toBe('momentum');
    await nodes.nth(1).focus(); // the legend's method is no longer forward
    await expect.poll(names, until).toEqual(adam);
    await tab.keyboard.press('ArrowRight');
    await tab.keyboard.press('Enter');
    const details = tab.locator('.node-details');
    await expect.poll(() => details.locator('h3').textContent(), until).toBe('scaleByMoments');
    const told = await details.locator('dl').innerText();
    expect(told).toContain('decay1\n0.9');
    expect(told).toContain('state\n795\u2009KiB in 9 arrays');
    await expect.poll(() => tab.url(), until).toContain('focus=2&node=operator-1');
    await tab.keyboard.press('ArrowLeft');
    await tab.keyboard.press('Enter');
    await details.getByRole('button', { name: 'Gradient norm' }).click();
    await expect
      .poll(() => tab.evaluate(`document.activeElement.closest('.panel')?.className`), until)
      .toContain('panel-gradientNorm');

    await nodes.nth(0).scrollIntoViewIfNeeded();
    const pulses = () =>
      tab.evaluate<number>(`document.querySelector('.graph').getAnimations({ subtree: true }).length`);
    await expect.poll(pulses, until).toBe(0);
    server.append(run.events.slice(2500, 2600));
    await expect.poll(pulses, until).toBeGreaterThan(3); // a frame goes along every edge
    await expect.poll(pulses, until).toBe(0);
    await tab.emulateMedia({ reducedMotion: 'reduce' });
    const passed = await nodes.nth(0).textContent();
    server.append(run.events.slice(2600, 2700));
    await expect.poll(() => nodes.nth(0).textContent(), until).not.toBe(passed);
    expect(await pulses()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('draws a million points, and tells how fast', async () => {
    const long = recordedRun({ methods: 5, steps: 200_000, ended: true });
    const { tab, complaints, close } = await open(long, long.events.length);
    await expect.poll(() => badge(tab).textContent(), { timeout: 50_000 }).toBe('ended');
    await expect.poll(() => cell(tab, 'adam', 0).textContent(), until).toBe('200\u2009000 / 200\u2009000');
    const zooming = await timeOf(
      tab,
      `document.querySelector('.panel-loss .chart, .panel-value .chart')
         .dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }))`,
    );
    const smoothing = await timeOf(
      tab,
      `const slider = document.querySelector('.smoothing input');
       slider.value = '2.5';
       slider.dispatchEvent(new Event('input', { bubbles: true }))`,
    );
    const paint: number = await tab.evaluate(
      `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
    );
    console.log(
      `1 000 000 steps in four panels: zoom ${zooming.toFixed(0)} ms, ` +
        `smoothing anew ${smoothing.toFixed(0)} ms; first paint ${paint.toFixed(0)} ms`,
    );
    await expect.poll(() => inColours(tab, 'light', 5), until).toEqual([0, 1, 2, 3, 4]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('follows a run that is being written, over the real server, and loses nothing when cut off', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'fluxion-run-'));
    const log = RunLog.create(directory);
    for (const event of run.events.slice(0, 1000)) log.append(event);
    log.flush();
    const actions: string[] = [];
    const dashboard = await startDashboard({
      directory,
      pageFolder: folder(),
      standBack: false,
      control: (action) => actions.push(action),
    });
    const tab = await browser().newPage();
    let cut = () => {};
    await tab.routeWebSocket(/live/, (socket) => {
      socket.connectToServer();
      cut = () => socket.close({ code: 4000, reason: 'cut off' });
    });
    const complaints: string[] = [];
    tab.on('pageerror', ({ message }) => complaints.push(message));
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await tab.goto(dashboard.url);
    await expect.poll(() => badge(tab).textContent(), until).toBe('live');
    await tab.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => actions, until).toEqual(['pause']);
    for (const event of run.events.slice(1000, 2000)) log.append(event);
    log.flush();
    cut();
    for (const event of run.events.slice(2000)) log.append(event);
    log.close();
    await expect.poll(() => badge(tab).textContent(), until).toBe('ended');
    await expect.poll(() => cell(tab, 'adam', 5).textContent(), until).toBe('all steps taken');
    const resumed = await tab.locator('.methods tbody').textContent();
    await tab.reload();
    await expect.poll(() => tab.locator('.methods tbody').textContent(), until).toBe(resumed);
    expect(complaints).toEqual([]);
    await tab.close();
    await dashboard.close();
    rmSync(directory, { recursive: true });
  });

  test('opens a long log by its summaries, and fetches single steps on zooming in', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'fluxion-run-'));
    const long = recordedRun({ methods: 3, steps: 50_000, ended: true });
    const log = RunLog.create(directory);
    for (const event of long.events) log.append(event);
    log.close();
    const dashboard = await startDashboard({ directory, pageFolder: folder(), standBack: false });
    const tab = await browser().newPage();
    await tab.goto(dashboard.url);
    await expect.poll(() => badge(tab).textContent(), until).toBe('ended');
    await expect.poll(() => cell(tab, 'adam', 0).textContent(), until).toBe('50\u2009000 / 50\u2009000');
    await tab.getByRole('slider', { name: 'smoothing' }).fill('0');
    const chart = tab.getByRole('slider', { name: /^Gradient norm, crosshair/ });
    await chart.focus();
    await tab.keyboard.press('Home');
    for (let i = 0; i < 10; i++) await tab.keyboard.press('+');
    await tab.keyboard.press('ArrowRight');
    // 50 000 / 2¹⁰ = 48.8 steps are on the screen, and the crosshair stands at 0.488: at step 0.
    const [first] = long.events.filter((event) => event.kind === 'step' && event.method === 2);
    const { gradientNorm } = first as { gradientNorm: number };
    await expect
      .poll(() => chart.getAttribute('aria-valuetext'), until)
      .toContain(`adam ${gradientNorm.toPrecision(4)}`);
    await tab.close();
    await dashboard.close();
    rmSync(directory, { recursive: true });
  });

  test('is small', () => {
    const assets = readdirSync(join(folder(), 'assets')).map((name) => join(folder(), 'assets', name));
    const sizes = [join(folder(), 'index.html'), ...assets].map(
      (file) => gzipSync(readFileSync(file)).length,
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`the page is ${(total / 1000).toFixed(1)} kB compressed`);
    expect(total).toBeLessThan(250_000);
  });
});

/** Milliseconds from an action to the second frame after it: by then it is drawn. */
function timeOf(tab: Page, action: string): Promise<number> {
  return tab.evaluate(`new Promise((done) => {
    const start = performance.now();
    ${action};
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
  })`);
}
