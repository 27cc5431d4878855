import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { colour, type Theme } from '../../../dashboard/plot/colours.js';
import { RunLog } from '../../../dashboard/record/log/index.js';
import { startDashboard } from '../../../dashboard/server/index.js';
import { launch, noBrowser } from './chromium.js';
import { boothRun, type RecordedRun, recordedRun } from './recorded-run.js';
import { RehearsalServer } from './rehearsal-server.js';
import { rosenbrockRun } from './walked-run.js';

const page = new URL('../../../dashboard/page/', import.meta.url).pathname;

if (noBrowser) console.log(`The page is not tested in a browser: ${noBrowser}`);

describe.skipIf(noBrowser)('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxion-page-'));
  const pictures = mkdtempSync(join(tmpdir(), 'fluxion-pictures-'));
  let browser: Browser;

  beforeAll(async () => {
    await build({
      configFile: join(page, 'vite.config.ts'),
      root: page,
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true },
    });
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
    console.log(`pictures of the page: ${pictures}`);
  });

  /** Serves a run, and opens the page on it; what the browser complains of is collected. */
  async function open(run: RecordedRun, upTo: number, options: BrowserContextOptions = {}) {
    const server = new RehearsalServer(folder);
    server.live = upTo < run.events.length;
    server.append(run.events.slice(0, upTo));
    const url = await server.listen();
    const tab = await browser.newPage({ viewport: { width: 1600, height: 1000 }, ...options });
    const complaints: string[] = [];
    tab.on('pageerror', ({ message }) => complaints.push(message));
    tab.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await tab.goto(url);
    const close = async () => {
      await tab.close();
      await server.close();
    };
    return { server, tab, complaints, close };
  }

  const run = recordedRun({ methods: 6, steps: 600, diverges: { method: 5, step: 300 }, ended: true });
  const cell = (tab: Page, method: string, column: number) =>
    tab.locator('.methods tbody tr').filter({ hasText: method }).locator('td').nth(column);
  const headings = (tab: Page) => tab.locator('.methods').first().locator('thead th').allTextContents();
  const badge = (tab: Page) => tab.locator('.badge');
  /** Long enough for a busy machine: what is waited for takes a fraction of a second. */
  const until = { timeout: 20_000 };

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
      'loss smoothed',
      'accuracy',
      'test loss',
      'steps/s',
      'ms/step',
      'left',
      'outcome',
    ]);
    await expect.poll(() => cell(tab, 'adam', 0).textContent(), until).toBe('600 / 600');
    const evaluations = run.events.filter((event) => event.kind === 'evaluation' && event.method === 2);
    const last = evaluations.at(-1) as { accuracy: number };
    expect(await cell(tab, 'adam', 2).textContent()).toBe(`${(100 * last.accuracy).toFixed(2)}\u2009%`);
    expect(await cell(tab, 'nesterov', 0).textContent()).toBe('301 / 600');
    expect(await cell(tab, 'nesterov', 1).textContent()).toBe('NaN');
    expect(await cell(tab, 'nesterov', 7).textContent()).toContain('✕ diverged');
    expect(await tab.locator('.pipeline').count()).toBe(6);
    expect(await tab.locator('.pipeline').nth(2).locator('.node-name').allTextContents()).toEqual([
      'gradient',
      'scaleByMoments',
      'learningRate',
    ]);
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
    await expect.poll(() => cell(tab, 'adam', 7).textContent(), until).toBe('all steps taken');
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

  test('has one crosshair, one zoom and one legend for all charts, from the keyboard too', async () => {
    const { tab, complaints, close } = await open(run, run.events.length);
    await expect.poll(() => badge(tab).textContent(), until).toBe('ended');
    const chart = tab.getByRole('slider', { name: /^Training loss, crosshair/ });
    await chart.focus();
    await tab.keyboard.press('Home');
    for (let i = 0; i < 10; i++) await tab.keyboard.press('Shift+ArrowRight');
    for (let i = 0; i < 40; i++) await tab.keyboard.press('ArrowLeft');
    await expect
      .poll(() => tab.locator('.legend-head').textContent(), until)
      .toBe('Training loss smoothedstep 359');
    await expect.poll(() => chart.getAttribute('aria-valuetext'), until).toContain('adam 0.');
    await tab.keyboard.press('+');
    await expect.poll(() => chart.getAttribute('aria-valuemin'), until).toBe('179');
    await tab.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => chart.getAttribute('aria-valuemin'), until).toBe('0');
    await tab.getByRole('button', { name: 'Show adam only' }).click({ force: true });
    await expect.poll(() => tab.locator('tr[data-hidden="true"]').count(), until).toBe(5);
    await expect.poll(() => inColours(tab, 'light', 6), until).toEqual([2]);
    await tab.getByRole('combobox', { name: 'x axis' }).selectOption('seconds');
    await tab.getByRole('slider', { name: 'smoothing' }).fill('0');
    await expect.poll(() => tab.locator('.smoothing output').textContent(), until).toBe('off');
    const steps = run.events.filter((event) => event.kind === 'step' && event.method === 2);
    const { loss } = steps.at(-1) as { loss: number };
    await expect.poll(() => cell(tab, 'adam', 1).textContent(), until).toBe(loss.toPrecision(4));
    expect(complaints).toEqual([]);
    await close();
  });

  test('shows a test function down to the last digits: points, and losses far below one', async () => {
    const { tab, complaints, close } = await open(boothRun(60), 1000);
    await expect.poll(() => badge(tab).textContent(), until).toBe('cut off');
    const points = tab.locator('section', { hasText: 'Points' }).locator('tbody tr').first();
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
      .toEqual(['method', 'step', 'value', 'evaluations f · ∇f · ∇²f v', 'ms/step', 'outcome']);
    const rows = tab.locator('.methods').first().locator('tbody tr');
    await expect.poll(() => rows.nth(0).locator('td').nth(1).textContent(), until).toBe('0');
    expect(await rows.nth(0).locator('td').nth(2).textContent()).toBe('60 · 60 · 0');
    expect(await rows.nth(1).locator('td').nth(2).textContent()).toBe('60 · 60 · 1');
    const pipelines = tab.locator('.pipelines');
    expect(await pipelines.locator('h2').textContent()).toBe('Pipelines ');
    expect(await pipelines.locator('.node-name').allTextContents()).toEqual([
      'gradient',
      'learningRate',
      'gradient',
      'learningRate',
    ]);
    expect(await pipelines.locator('.share, .node-figures').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('begins with a linear axis where a function is below zero', async () => {
    const booth = boothRun(60);
    const log = (tab: Page) =>
      tab.getByRole('button', { name: 'Logarithmic axis for Value' }).getAttribute('aria-pressed');
    const above = await open(booth, 1000);
    await expect.poll(() => log(above.tab), until).toBe('true');
    await above.close();
    const events = booth.events.map((event) =>
      event.kind === 'point' ? { ...event, value: event.value - 1 } : event,
    );
    const below = await open({ ...booth, events }, 1000);
    await expect.poll(() => log(below.tab), until).toBe('false');
    await below.tab.getByRole('button', { name: 'Logarithmic axis for Value' }).click();
    await expect.poll(() => log(below.tab), until).toBe('true');
    await below.close();
  });

  test('shows paths over contours, and at a step how one came there, from the keyboard too', async () => {
    const walked = rosenbrockRun();
    for (const [name, width, theme] of [
      ['wide', 1500, 'light'],
      ['phone', 390, 'dark'],
    ] as const) {
      const viewport = { width, height: 900 };
      const { tab, complaints, close } = await open(walked, 1e6, { viewport, colorScheme: theme });
      const panel = tab.locator('.landscape');
      await expect.poll(() => panel.locator('.contour').count(), until).toBeGreaterThan(8);
      expect(await panel.locator('.level').count()).toBeGreaterThan(4);
      expect(await panel.locator('.minimum').count()).toBe(1);
      expect(await panel.locator('.path').count()).toBe(4);
      await panel.getByRole('radio', { name: 'trustRegion' }).check();
      const slider = panel.getByRole('slider', { name: 'step' });
      await slider.focus();
      await tab.keyboard.press('Home');
      await tab.keyboard.press('ArrowRight');
      await tab.keyboard.press('ArrowRight');
      await expect.poll(() => slider.getAttribute('aria-valuetext'), until).toBe('step 2 of 60');
      await expect.poll(() => panel.locator('.arrival .region').count(), until).toBe(1);
      const region = panel.locator('.arrival .region');
      expect(Number(await region.getAttribute('rx'))).toBeCloseTo(Number(await region.getAttribute('ry')), 6);
      expect(await panel.locator('.arrival .model').count()).toBeGreaterThan(2);
      expect(await panel.locator('.arrival .trial').count()).toBeGreaterThan(0);
      expect(await panel.locator('.path').count()).toBe(8);
      expect(await panel.getByRole('img').getAttribute('aria-label')).toContain(
        'At step 2: gradientDescent at (',
      );
      const before = Number(await region.getAttribute('rx'));
      await panel.getByRole('button', { name: 'close-up' }).click();
      await expect
        .poll(async () => Number(await region.getAttribute('rx')), until)
        .toBeGreaterThan(2 * before);
      await panel.screenshot({ path: join(pictures, `close-up-${name}-${theme}.png`) });
      await panel.getByRole('button', { name: 'whole' }).click();
      await tab.getByRole('button', { name: 'Hide newton' }).click();
      await expect.poll(() => panel.locator('.path').count(), until).toBe(6);
      await panel.screenshot({ path: join(pictures, `paths-${name}-${theme}.png`) });
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(complaints).toEqual([]);
      await close();
    }
  });

  test('looks right in light and dark, wide and on a phone', async () => {
    const shapes = { wide: { width: 1600, height: 1000 }, phone: { width: 390, height: 844 } };
    for (const [name, viewport] of Object.entries(shapes)) {
      for (const theme of ['light', 'dark'] as const) {
        const { tab, complaints, close } = await open(run, 2000, { viewport, colorScheme: theme });
        await expect.poll(() => badge(tab).textContent(), until).toBe('live');
        await expect.poll(() => inColours(tab, theme, 6), until).toEqual([0, 1, 2, 3, 4, 5]);
        await tab.screenshot({ path: join(pictures, `${name}-${theme}.png`), fullPage: true });
        expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
        expect(await tab.evaluate('document.documentElement.dataset.theme')).toBe(theme);
        expect(complaints).toEqual([]);
        await close();
      }
    }
  });

  test('keeps the colours chosen by hand', async () => {
    const { tab, close } = await open(run, 2000, { colorScheme: 'light' });
    await tab.getByRole('button', { name: 'Colours: auto. Change to light.' }).click();
    await tab.getByRole('button', { name: 'Colours: light. Change to dark.' }).click();
    await tab.reload();
    await expect.poll(() => inColours(tab, 'dark', 6), until).toEqual([0, 1, 2, 3, 4, 5]);
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
      pageFolder: folder,
      control: (action) => actions.push(action),
    });
    const tab = await browser.newPage();
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
    await expect.poll(() => cell(tab, 'adam', 7).textContent(), until).toBe('all steps taken');
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
    const dashboard = await startDashboard({ directory, pageFolder: folder });
    const tab = await browser.newPage();
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
    const assets = readdirSync(join(folder, 'assets')).map((name) => join(folder, 'assets', name));
    const sizes = [join(folder, 'index.html'), ...assets].map((file) => gzipSync(readFileSync(file)).length);
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

/** Which methods have pixels of just their colour on the canvas of the loss. */
async function inColours(tab: Page, theme: Theme, methods: number): Promise<number[]> {
  const wanted = Array.from({ length: methods }, (_, method) => colour(theme, method));
  const counts: number[] = await tab.evaluate(`(() => {
    const canvas = document.querySelector('.panel-loss canvas, .panel-value canvas');
    if (!canvas) return [];
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return ${JSON.stringify(wanted)}.map((hex) => {
      const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const far = Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue);
        if (data[i + 3] === 255 && far <= 6) count++;
      }
      return count;
    });
  })()`);
  return counts.flatMap((count, method) => (count > 0 ? [method] : []));
}
