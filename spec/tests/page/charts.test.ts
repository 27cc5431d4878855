import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { number, percent } from '../../../dashboard/page/src/data/format.js';
import type { RunEvent, RunStarted } from '../../../dashboard/record/events.js';
import { RunState } from '../../../dashboard/record/run-state.js';
import { seedVerdicts } from '../../../dashboard/record/seed-verdicts.js';
import type { MeasureDescription } from '../../../src/index.js';
import { signedLogShares } from '../../../src/objective/signed-log-bins.js';
import { noBrowser } from './chromium.js';
import { boothRun, type RecordedRun, recordedRun } from './recorded-run.js';
import { badge, ended, inColours, stage, until } from './stage.js';
import { rosenbrockRun } from './walked-run.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(noBrowser)('the charts in a browser', () => {
  const { pictures, open } = stage();
  const run = recordedRun({ methods: 6, steps: 600, diverges: { method: 5, step: 300 }, ended: true });
  const chartOf = (tab: Page, title: string) =>
    tab.getByRole('slider', { name: new RegExp(`^${title}, crosshair`) });
  /** What the first chart shows of the x axis. */
  const seen = async (tab: Page) =>
    Promise.all(
      ['aria-valuemin', 'aria-valuemax'].map(async (end) =>
        Number(await tab.locator('.chart').first().getAttribute(end)),
      ),
    );

  test('has one crosshair, one zoom and one legend for all charts, from the keyboard too', async () => {
    const { tab, complaints, close } = await open(run, run.events.length);
    await expect.poll(() => badge(tab).textContent(), until).toBe('ended');
    const chart = tab.getByRole('slider', { name: /^Training loss, crosshair/ });
    await chart.focus();
    await tab.keyboard.press('Home');
    for (let i = 0; i < 6; i++) await tab.keyboard.press('Shift+ArrowRight');
    for (let i = 0; i < 3; i++) await tab.keyboard.press('ArrowRight');
    for (let i = 0; i < 3; i++) await tab.keyboard.press('ArrowLeft');
    await expect
      .poll(() => tab.locator('.legend-head').textContent(), until)
      .toBe('Training loss smoothedstep 359');
    await expect.poll(() => chart.getAttribute('aria-valuetext'), until).toContain('adam 0.');
    const adam = Number(/adam (0\.\d+)/.exec((await chart.getAttribute('aria-valuetext'))!)![1]);
    await tab.keyboard.press('k');
    await tab.keyboard.press('Home');
    await tab.keyboard.press('Enter');
    await tab.getByRole('button', { name: 'Keep', exact: true }).click();
    const readouts = tab.getByRole('region', { name: 'Kept read-outs' });
    const places = () => readouts.locator('thead th').allInnerTexts();
    await expect.poll(places, until).toEqual(['Training loss', '1 step 0 ✕', '2 step 359 ✕']);
    const row = readouts.locator('tbody tr').filter({ hasText: 'adam' });
    expect(Number(await row.locator('td').nth(1).textContent())).toBe(adam);
    await expect.poll(() => new URL(tab.url()).hash, until).toMatch(/keep=0,359/);
    await readouts.getByRole('button', { name: 'Let step 0 go' }).click();
    await expect.poll(places, until).toEqual(['Training loss', '1 step 359 ✕']);
    await readouts.getByRole('button', { name: 'Let step 359 go' }).click();
    await chart.focus();
    await tab.keyboard.press('Escape');
    for (let i = 0; i < 4; i++) await tab.keyboard.press('Shift+ArrowLeft');
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
    const early = walked.events.findIndex((one) => one.kind === 'point' && one.method === 3 && one.step > 4);
    const { server, tab, complaints, close } = await open(walked, early);
    const panel = tab.locator('.landscape');
    const growing = panel.locator('.walk').nth(3).locator('.path');
    await expect.poll(() => growing.count(), until).toBe(1);
    const begun = await growing.getAttribute('d');
    server.append(walked.events.slice(early));
    await expect.poll(() => growing.getAttribute('d'), until).not.toBe(begun);
    await panel.getByRole('radio', { name: 'trustRegion' }).check();
    for (const [name, width, theme] of [
      ['wide', 1500, 'light'],
      ['phone', 390, 'dark'],
    ] as const) {
      await tab.setViewportSize({ width, height: 900 });
      await tab.emulateMedia({ colorScheme: theme });
      await expect.poll(() => panel.locator('.contour').count(), until).toBeGreaterThan(8);
      expect(await panel.locator('.level').count()).toBeGreaterThan(4);
      expect(await panel.locator('.minimum').count()).toBe(1);
      const slider = panel.getByRole('slider', { name: 'step' });
      await slider.focus();
      await tab.keyboard.press('End');
      await expect.poll(() => panel.locator('.path').count(), until).toBe(4);
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
      await tab.getByTitle('Hide newton', { exact: true }).click();
      await expect.poll(() => panel.locator('.path').count(), until).toBe(6);
      await panel.screenshot({ path: join(pictures, `paths-${name}-${theme}.png`) });
      await tab.getByTitle('Show newton', { exact: true }).click();
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await axeComplaints(tab)).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await close();
  });

  test('looks right in light and dark, wide and on a phone, and breaks none of the rules that axe knows', async () => {
    const { tab, complaints, close } = await open(run, 2000);
    await expect.poll(() => badge(tab).textContent(), until).toBe('live');
    for (const [name, theme, width, isAsked] of [
      ['wide', 'light', 1600, true],
      ['wide', 'dark', 1600, false],
      ['phone', 'dark', 390, true],
      ['phone', 'light', 390, false],
    ] as const) {
      await tab.setViewportSize({ width, height: 900 });
      await tab.emulateMedia({ colorScheme: theme });
      await tab.evaluate('scrollTo(0, 0)');
      await expect.poll(() => inColours(tab, theme, 6), until).toEqual([0, 1, 2, 3, 4, 5]);
      await tab.screenshot({ path: join(pictures, `${name}-${theme}.png`), fullPage: true });
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await tab.evaluate('document.documentElement.dataset.theme')).toBe(theme);
      if (isAsked) expect(await axeComplaints(tab)).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await close();
  });

  test('keeps the colours chosen by hand', async () => {
    const { tab, close } = await open(run, 2000, { colorScheme: 'light' });
    await tab.getByRole('button', { name: 'Colours: auto. Change to light.' }).click();
    await tab.getByRole('button', { name: 'Colours: light. Change to dark.' }).click();
    await tab.reload();
    await expect.poll(() => inColours(tab, 'dark', 6), until).toEqual([0, 1, 2, 3, 4, 5]);
    await close();
  });

  test('zooms and pans all charts with mouse and wheel, and brings the line under the pointer forward', async () => {
    const { tab, complaints, close } = await open(run);
    await ended(tab);
    const chart = chartOf(tab, 'Training loss');
    const box = (await chart.boundingBox())!;
    const at = (share: number) => [box.x + 40 + share * (box.width - 60), box.y + 80] as const;
    await tab.mouse.move(...at(0.25));
    await tab.mouse.down();
    await tab.mouse.move(...at(0.75), { steps: 4 });
    await tab.mouse.up();
    await expect.poll(async () => (await seen(tab))[0], until).toBeGreaterThan(100);
    const [low, high] = (await seen(tab)) as [number, number];
    expect(high).toBeLessThan(500);
    await tab.keyboard.down('Control');
    await tab.mouse.wheel(0, -200);
    await tab.keyboard.up('Control');
    await expect
      .poll(async () => (await seen(tab))[1]! - (await seen(tab))[0]!, until)
      .toBeLessThan(high - low - 20);
    const before = (await seen(tab))[0]!;
    await tab.keyboard.down('Shift');
    await tab.mouse.down();
    await tab.mouse.move(...at(0.6), { steps: 4 });
    await tab.mouse.up();
    await tab.keyboard.up('Shift');
    await expect.poll(async () => (await seen(tab))[0], until).toBeGreaterThan(before);
    const toolbar = (await tab.locator('.toolbar').boundingBox())!;
    await chart.dblclick({ position: { x: 300, y: 150 } });
    await expect.poll(() => seen(tab), until).toEqual([0, 599]);
    expect((await tab.locator('.toolbar').boundingBox())!.height).toBe(toolbar.height);
    // Down the chart some line is met, which the legend then names.
    for (
      let y = 20;
      y < box.height - 40 && (await tab.locator('[data-forward="true"]').count()) === 0;
      y += 12
    ) {
      await tab.mouse.move(box.x + box.width / 2, box.y + y);
    }
    expect(await tab.locator('.legend [data-forward="true"]').count()).toBe(1);
    await tab.getByTitle('Hide lamb', { exact: true }).hover();
    await expect
      .poll(() => tab.locator('.legend [data-forward="true"]').textContent(), until)
      .toContain('lamb');
    expect(complaints).toEqual([]);
    await close();
  });

  test('keeps its charts while a run goes on, and moves none of them', async () => {
    const walked = rosenbrockRun();
    const { server, tab, close } = await open(walked, walked.events.length / 2);
    await expect.poll(() => tab.locator('.panel-gap canvas').count(), until).toBe(2);
    const shown = await tab.locator('.panel').evaluateAll((all) => all.map(({ className }) => className));
    await tab.evaluate(`document.querySelectorAll('.panel canvas').forEach((one) => { one.kept = true; })`);
    for (let at = walked.events.length / 2; at < walked.events.length; at += 10)
      server.append(walked.events.slice(at, at + 10));
    server.append([{ kind: 'result', seconds: 1, methods: [] }]);
    await ended(tab);
    const after = await tab.locator('.panel').evaluateAll((all) => all.map(({ className }) => className));
    expect(after.slice(0, 3)).toEqual(shown.slice(0, 3));
    const kept = await tab.evaluate(
      `[...document.querySelectorAll('.panel')].filter((one) => one.querySelector('canvas')?.kept).map(({ className }) => className)`,
    );
    expect(kept).toEqual(shown.slice(1));
    await close();
  });

  test('a link shows what was seen, and a reload forgets nothing', async () => {
    const first = await open(run);
    await ended(first.tab);
    await first.tab.getByTitle('Hide momentum', { exact: true }).click();
    await first.tab.getByRole('combobox', { name: 'x axis' }).selectOption('examples');
    await first.tab.getByRole('button', { name: 'Logarithmic x axis' }).click();
    await first.tab.getByRole('button', { name: 'More for Gradient norm' }).click();
    await first.tab.getByRole('menuitem', { name: 'Drop this panel' }).click();
    await first.tab.getByRole('button', { name: 'test loss', exact: true }).click();
    await expect.poll(() => first.tab.url(), until).toContain('sort=');
    const hash = new URL(first.tab.url()).hash;
    await first.tab.reload();
    const second = await open(run, run.events.length, { hash });
    for (const { tab } of [first, second]) {
      await ended(tab);
      await expect
        .poll(() => tab.locator('tr[data-hidden="true"]').textContent(), until)
        .toContain('momentum');
      expect(await tab.getByRole('combobox', { name: 'x axis' }).inputValue()).toBe('examples');
      expect(await tab.getByRole('button', { name: 'Logarithmic x axis' }).getAttribute('aria-pressed')).toBe(
        'true',
      );
      expect(await tab.locator('.panel-gradientNorm').count()).toBe(0);
      expect(await tab.locator('th[aria-sort="ascending"]').textContent()).toContain('test loss');
      expect(new URL(tab.url()).hash).toBe(hash);
    }
    await first.tab
      .getByRole('combobox', { name: 'Bring a dropped panel back' })
      .selectOption('gradientNorm');
    await expect.poll(() => first.tab.locator('.panel-gradientNorm').count(), until).toBe(1);
    expect([...first.complaints, ...second.complaints]).toEqual([]);
    await first.close();
    await second.close();
  });

  test('writes each panel as CSV, SVG and PNG, and fills the window with it', async () => {
    const { tab, complaints, close } = await open(run);
    await ended(tab);
    const save = async (entry: string) => {
      await tab.getByRole('button', { name: 'More for Training loss' }).click();
      const coming = tab.waitForEvent('download');
      await tab.getByRole('menuitem', { name: entry }).click();
      return readFileSync(await (await coming).path());
    };
    const csv = (await save('Save as CSV')).toString().split('\r\n');
    expect(csv[0]).toBe('method,step,evaluations,work_seconds,seconds,value,smoothed');
    const steps = run.events.filter((event) => event.kind === 'step');
    expect(csv).toHaveLength(1 + steps.length + 1);
    const [name, step, , , , value] = csv[601]!.split(',');
    const [, ...others] = run.events.filter((event) => event.kind === 'step' && event.method === 1) as {
      step: number;
      loss: number;
    }[];
    expect([name, Number(step)]).toEqual(['momentum', 0]);
    expect(csv[602]!.split(',')[5]).toBe(String(others[0]!.loss));
    expect(Number(value)).toBeGreaterThan(0);
    const svg = (await save('Save as SVG')).toString();
    expect(svg).toContain('<title>mnist: training loss</title>');
    for (const { label } of run.started.methods) expect(svg).toContain(`>${label}</text>`);
    const faults = await tab.evaluate(
      `new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml').querySelectorAll('parsererror').length`,
    );
    expect(faults).toBe(0);
    const png = await save('Save as PNG');
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(png.readUInt32BE(16)).toBe(1920);
    await tab.getByRole('button', { name: 'More for Training loss' }).click();
    await tab.getByRole('menuitemcheckbox', { name: 'Full screen' }).click();
    const panel = tab.locator('.panel-loss');
    const filled = async () => {
      const [toolbar, box] = [await tab.locator('.toolbar').boundingBox(), await panel.boundingBox()];
      return [toolbar!.y, box!.y - toolbar!.height, box!.width, box!.y + box!.height];
    };
    await expect.poll(filled, until).toEqual([0, 0, 1600, 1000]);
    await chartOf(tab, 'Training loss').focus();
    await tab.keyboard.press('Escape');
    await expect.poll(async () => (await panel.boundingBox())!.width, until).toBeLessThan(1300);
    expect(complaints).toEqual([]);
    await close();
  });

  test('draws seeds as bands and lists as maps, and panels in any size', async () => {
    const measures: MeasureDescription[] = [
      { name: 'weights', kind: 'list', entries: 'signedLog', meaning: 'weights' },
      { name: 'updateToWeight', kind: 'list', entries: 'parameters', meaning: 'ratios' },
    ];
    const small = recordedRun({ methods: 4, steps: 300, ended: true });
    const started: RunStarted = {
      ...small.started,
      looks: ['layers', 'histograms'],
      parameters: ['w', 'b'],
      methods: small.started.methods.map((method, i) => ({
        ...method,
        options: {},
        label: `${['adam', 'sgd'][i % 2]} seed ${1 + (i >> 1)}`,
        contestant: ['adam', 'sgd'][i % 2]!,
        seed: 1 + (i >> 1),
        measures,
      })),
    };
    const lists = [0, 100, 200].flatMap((step) =>
      [0, 1, 2, 3].flatMap((method): RunEvent[] => {
        const at = { kind: 'list', method, step, seconds: step } as const;
        return [
          { ...at, name: 'weights', values: signedLogShares([-0.1, -0.2, 0.05, 0.3 + step]) },
          { ...at, name: 'updateToWeight', values: [0.001, 0.01 * (1 + step)] },
        ];
      }),
    );
    const slice: RunEvent = {
      kind: 'slice',
      method: 1,
      step: 200,
      seconds: 1,
      along: 'eigenvectors',
      ...{ x0: -1, x1: 1, y0: -1, y1: 1, columns: 9, rows: 9 },
      values: Array.from({ length: 81 }, (_, k) => ((k % 9) - 4) ** 2 + 3 * (Math.floor(k / 9) - 5) ** 2),
      path: [
        [-0.5, -0.5],
        [0, 0],
        [0.3, 0.2],
      ],
      ...{ here: 1, size: 0.01, batches: 4, eigenvalues: [6, 2] },
    };
    const events = [started, ...lists, ...small.events.slice(1), slice];
    const { tab, complaints, close } = await open({ started, events });
    await ended(tab);
    const chips = tab.locator('.legend .chip');
    await expect.poll(() => chips.count(), until).toBe(2);
    await expect.poll(() => inColours(tab, 'light', 4), until).toEqual([0, 1]);
    await tab.getByRole('button', { name: 'seeds as bands' }).click();
    await expect.poll(() => chips.count(), until).toBe(4);
    await expect.poll(() => inColours(tab, 'light', 4), until).toEqual([0, 1, 2, 3]);
    await expect.poll(() => new URL(tab.url()).hash, until).toContain('seeds=apart');

    const verdicts = tab.locator('.seeds');
    const state = RunState.of(started);
    for (const event of events) state.take(event);
    const words = { number: (value: number) => number(value, 3), percent };
    const comparison = seedVerdicts(state.comparison()!, words);
    expect(comparison.pairs.map(({ faster, than }) => [faster, than])).toEqual([['adam', 'sgd']]);
    const rows = await verdicts.locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split(/\s*\t\s*/))).toEqual([
      ...comparison.rows,
      ...comparison.pairs.map(({ faster, than, answer, z }) => [faster, than, answer, z]),
    ]);

    const map = tab.getByRole('slider', { name: /^Update to weight/ });
    await map.scrollIntoViewIfNeeded();
    const panel = tab.locator('.panel-updateToWeight-list');
    await expect.poll(() => panel.locator('.notes').textContent(), until).toBe('faint 0.0010, full 2.0');
    const box = (await map.boundingBox())!;
    await tab.mouse.move(box.x + box.width - 40, box.y + box.height * 0.6);
    await expect.poll(() => panel.locator('.notes').textContent(), until).toBe('step 200 · b: 2.010');
    await map.press('End');
    await map.press('ArrowUp');
    expect(await map.getAttribute('aria-valuetext')).toBe('step 200 · w: 0.001000');
    await panel.getByRole('combobox').selectOption({ label: 'sgd seed 2' });
    await expect.poll(() => new URL(tab.url()).hash, until).toContain('inspect=3');
    const coming = tab.waitForEvent('download');
    await panel.getByRole('button', { name: /^More for/ }).click();
    await tab.getByRole('menuitem', { name: 'Save as SVG' }).click();
    const svg = readFileSync(await (await coming).path()).toString();
    for (const text of ['>w</text>', '>b</text>', '>sgd seed 2</text>']) expect(svg).toContain(text);

    const around = tab.getByRole('region', { name: 'Loss around step 200 of sgd seed 1' });
    await around.scrollIntoViewIfNeeded();
    await expect.poll(() => around.locator('.contour').count(), until).toBeGreaterThan(5);
    expect(await around.textContent()).toContain('λ₁ = 6.00, λ₂ = 2.00');
    await tab.evaluate(axe);
    const faults = await tab.evaluate(
      `axe.run({ include: [['.slices'], ['.panel-updateToWeight-list']] }).then(({ violations }) => violations.map(({ id, nodes }) => id + nodes[0].html))`,
    );
    expect(faults).toEqual([]);

    const chart = tab.locator('.panel-loss .chart');
    const size = async () => {
      const { width, height } = (await chart.boundingBox())!;
      return [Math.round(width), Math.round(height)];
    };
    await tab.evaluate('scrollTo(0, 0)');
    const [wide, high] = await size();
    const grip = tab.getByRole('button', { name: /^Size of Training loss/ });
    const corner = (await grip.boundingBox())!;
    await tab.mouse.move(corner.x + 12, corner.y + 12);
    await tab.mouse.down();
    await tab.mouse.move(corner.x - 500, corner.y + 112, { steps: 4 });
    await tab.mouse.up();
    await expect.poll(async () => (await size())[0], until).toBeLessThan(0.6 * wide!);
    expect((await size())[1]).toBeGreaterThan(high! + 60);
    await expect.poll(() => new URL(tab.url()).hash, until).toMatch(/panels=loss:wide1,high3\d0/);
    await grip.focus();
    await tab.keyboard.press('ArrowRight');
    await expect.poll(async () => (await size())[0], until).toBe(wide);
    await grip.dblclick();
    await expect.poll(size, until).toEqual([wide, high]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('sorts the table by any column, and marks the best', async () => {
    const { tab, close } = await open(run);
    await ended(tab);
    const names = () => tab.locator('.methods').first().locator('tbody th').allTextContents();
    const order = run.started.methods.map(({ label }) => label);
    expect(await names()).toEqual(order);
    const best = tab.locator('.methods td[data-best="true"]');
    await expect.poll(() => best.count(), until).toBe(3);
    await tab.getByRole('button', { name: 'train loss' }).click();
    const sorted = await names();
    expect(sorted.at(-1)).toBe('nesterov(rate=0.9)'); // a NaN is no number to be sorted by
    await tab.getByRole('button', { name: 'train loss' }).click();
    expect(await names()).toEqual([...sorted.slice(0, -1).reverse(), 'nesterov(rate=0.9)']);
    await tab.getByRole('button', { name: 'train loss' }).click();
    expect(await names()).toEqual(order);
    await close();
  });

  test('holds on a phone with any names, and what is touched is large enough', async () => {
    const label = 'gradientDescent(learningRate=cosine(peak=0.1,steps=1000,floor=0.001))';
    const wide = run.started.methods.map((method, index) => (index === 0 ? { ...method, label } : method));
    const long: RecordedRun = {
      started: { ...run.started, methods: wide },
      events: [{ ...run.started, methods: wide }, ...run.events.slice(1)],
    };
    const { tab, close } = await open(long, 2000, { viewport: { width: 360, height: 844 }, phone: true });
    await expect.poll(() => badge(tab).textContent(), until).toBe('live');
    for (const width of [360, 390]) {
      await tab.setViewportSize({ width, height: 844 });
      await expect.poll(() => tab.locator('.panel').count(), until).toBe(6);
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const small = await tab.evaluate(`[...document.querySelectorAll('main button, main select, main input')]
        .map((one) => [one.getAttribute('aria-label') ?? one.textContent, one.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 24 || height < 24).map(([name]) => name)`);
      expect(small).toEqual([]);
      const [value, name] = await tab.evaluate<[number, number]>(`(() => {
        const row = document.querySelector('.methods tbody tr');
        return [row.querySelector('td').getBoundingClientRect().left, row.querySelector('th').getBoundingClientRect().width];
      })()`);
      expect(value).toBeLessThan(width - 60);
      expect(name).toBeLessThan(width / 2);
    }
    await close();
  });
});

/** What axe finds where a menu is open and a node of the pipeline chosen (WCAG 2.2 AA). */
async function axeComplaints(tab: Page): Promise<unknown[]> {
  const more = tab.getByRole('button', { name: /^More for / }).first();
  await more.click();
  const node = tab.locator('.pipelines .node').nth(1);
  if ((await node.getAttribute('aria-pressed')) !== 'true') await node.click();
  await tab.evaluate('scrollTo(0, 0)'); // a corner half under the bar that stays in sight is none too small
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>(`axe.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
  })`);
  await tab.keyboard.press('Escape');
  return violations.map(({ id, nodes }) => [id, nodes[0]!.html, nodes[0]!.failureSummary]);
}
