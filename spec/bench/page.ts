import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { RunLog } from '../../dashboard/record/log/index.js';
import { startDashboard } from '../../dashboard/server/index.js';
import { launch, noBrowser } from '../tests/page/chromium.js';
import { recordedRun } from '../tests/page/recorded-run.js';
import { RehearsalServer } from '../tests/page/rehearsal-server.js';

const page = new URL('../../dashboard/page/', import.meta.url).pathname;
const milliseconds = 3000;

/**
 * Frames a second while the wheel zooms and drags the first chart, and with it all others in sight: in the page, a
 * frame after a frame asks for the next change, so that drawing alone holds it up.
 */
const frames = (wheel: string) => `new Promise((done) => {
  const chart = document.querySelector('.chart');
  const { left, top, width } = chart.getBoundingClientRect();
  const start = performance.now();
  let count = 0;
  let longest = 0;
  let last = start;
  requestAnimationFrame(function next(now) {
    if (count > 0) longest = Math.max(longest, now - last);
    last = now;
    if (now - start > ${milliseconds}) return done([1000 * count / (now - start), longest]);
    count++;
    const at = { clientX: left + width * (0.3 + 0.4 * Math.random()), clientY: top + 80 };
    chart.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ...at, ${wheel} }));
    requestAnimationFrame(next);
  });
})`;

/** Steps a second, of ten numbers each: 50,000 new points a second over ten panels. */
const arriving = { rate: 5000, seconds: 10, own: ['a', 'b', 'c', 'd', 'e', 'f'] };

/** How far the page is behind a run that writes as fast as `arriving` says, all its panels in sight. */
async function arrivals(browser: Browser, pageFolder: string, print: (line: string) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'fluxion-arriving-'));
  const { rate, seconds, own } = arriving;
  const { started } = recordedRun({ methods: 1, steps: 1, ended: false });
  const measures = own.map((name) => ({ name, kind: 'number' as const, meaning: name }));
  const log = RunLog.create(directory);
  const { batch: _, ...run } = started;
  log.append({ ...run, steps: 1_000_000, methods: [{ ...started.methods[0]!, measures }] });
  const dashboard = await startDashboard({ directory, pageFolder });
  const tab = await browser.newPage({ viewport: { width: 1600, height: 2400 } });
  await tab.goto(dashboard.url);
  await tab.locator('.badge', { hasText: 'live' }).waitFor();
  const begun = performance.now();
  let step = 0;
  const writing = setInterval(() => {
    const passed = (performance.now() - begun) / 1000;
    for (; step < rate * passed; step++) {
      const noise = Math.random();
      log.append({
        kind: 'step',
        method: 0,
        step,
        seconds: passed,
        loss: 1 / (1 + step / 1000) + 0.1 * noise,
        gradientNorm: 1 + noise,
        updateNorm: 0.1 + noise,
        milliseconds: 0.1 + 0.1 * noise,
        measures: Object.fromEntries(own.map((name, k) => [name, k + noise])),
      });
    }
  }, 5);
  const shown = `Number(document.querySelector('.progress, header')?.textContent.replace(/\\s/g, '').match(/(\\d+)of/)?.[1])`;
  const behind: number[] = [];
  while (performance.now() - begun < 1000 * seconds) {
    await tab.waitForTimeout(500);
    const seen = Number(await tab.evaluate(shown));
    behind.push((step - seen) / rate);
  }
  clearInterval(writing);
  const panels = await tab.locator('.panel .chart canvas.curves').count();
  const [first, last] = [behind.slice(4, 12), behind.slice(-8)].map((part) => Math.max(...part));
  print(
    `${(rate * panels).toLocaleString('en')} new points a second over ${panels} panels: the page is at most ` +
      `${first!.toFixed(2)} s behind in the first half, ${last!.toFixed(2)} s in the second (its numbers change every 0.25 s)`,
  );
  await tab.close();
  log.close();
  await dashboard.close();
  rmSync(directory, { recursive: true });
}

/** Frames a second while nothing is asked for, the longest wait for one, and the slowest answer to a press. */
const calm = `new Promise((done) => {
  const nodes = [...document.querySelectorAll('.graph .node')];
  const start = performance.now();
  let [count, longest, last, pressed, slowest] = [0, 0, start, 0, 0];
  requestAnimationFrame(function next(now) {
    if (count > 0) longest = Math.max(longest, now - last);
    last = now;
    if (pressed > 0) slowest = Math.max(slowest, performance.now() - pressed);
    pressed = 0;
    if (now - start > ${milliseconds}) return done([1000 * count / (now - start), longest, slowest]);
    if (++count % 20 === 0) {
      pressed = performance.now();
      nodes[count / 20 % nodes.length].click();
    }
    requestAnimationFrame(next);
  });
})`;

/** A run of 180,000 steps a second, its live graph in sight. */
async function rapidGraph(
  browser: Browser,
  pageFolder: string,
  print: (line: string) => void,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'fluxion-rapid-'));
  const { started } = recordedRun({ methods: 3, steps: 1, ended: false });
  const log = RunLog.create(directory);
  log.append({ ...started, steps: 1e8, methods: started.methods.slice(2) });
  log.flush();
  const dashboard = await startDashboard({ directory, pageFolder, standBack: false });
  const tab = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await tab.goto(dashboard.url);
  await tab.locator('.badge', { hasText: 'live' }).waitFor();
  await tab.locator('.graph').scrollIntoViewIfNeeded();
  const begun = performance.now();
  let step = 0;
  const writing = setInterval(() => {
    const seconds = (performance.now() - begun) / 1000;
    // No more at a time than leaves a busy machine room for the page.
    for (const due = Math.min(180_000 * seconds, step + 5_000); step < due; step++) {
      const loss = 1 / (1 + step / 1e4);
      log.append({
        kind: 'step',
        method: 0,
        step,
        seconds,
        loss,
        gradientNorm: loss,
        updateNorm: loss,
        milliseconds: 0.005,
      });
    }
  }, 5);
  await tab.waitForTimeout(6_000); // longer than any rate is measured over
  const [rate, longest, slowest] = await tab.evaluate<[number, number, number]>(calm);
  clearInterval(writing);
  print(
    `${Math.round(step / ((performance.now() - begun) / 1000)).toLocaleString('en')} steps a second, the live graph in sight: ` +
      `${rate.toFixed(0)} frames a second, the longest ${longest.toFixed(0)} ms; a press is answered within ${slowest.toFixed(0)} ms`,
  );
  await tab.close();
  log.close();
  await dashboard.close();
  rmSync(directory, { recursive: true });
}

/** A log of 10⁸ points, four numbers a step. */
async function longLog(browser: Browser, pageFolder: string, print: (line: string) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'fluxion-long-'));
  const { started } = recordedRun({ methods: 3, steps: 1, ended: false });
  const steps = 25_000_000;
  const log = RunLog.create(directory);
  log.append({ ...started, steps, methods: started.methods.slice(2) });
  for (let step = 0; step < steps; step++) {
    const loss = 1 / (1 + step / 1e5);
    log.append({
      kind: 'step',
      method: 0,
      step,
      seconds: step / 50,
      loss,
      gradientNorm: loss,
      updateNorm: loss,
      milliseconds: 20,
    });
  }
  log.close();
  const dashboard = await startDashboard({ directory, pageFolder, standBack: false });
  const times: number[] = [];
  for (let look = 0; look < 5; look++) {
    const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
    const tab = await context.newPage();
    const begun = performance.now();
    await tab.goto(dashboard.url);
    await tab.locator('.badge', { hasText: 'cut off' }).waitFor();
    times.push(performance.now() - begun);
    await context.close();
  }
  times.sort((a, b) => a - b);
  print(
    `A log of ${(4 * steps).toLocaleString('en')} points is shown after ${times[2]!.toFixed(0)} ms, the median of five; ` +
      `the slowest ${times[4]!.toFixed(0)} ms`,
  );
  await dashboard.close();
  rmSync(directory, { recursive: true });
}

/**
 * The page in a real browser: its size, its first paint, a million points under the wheel (30 frames a second),
 * 50,000 new points a second, the live graph at 180,000 steps a second, and a log of 10⁸ points.
 */
export async function bench(print: (line: string) => void = console.log): Promise<void> {
  if (noBrowser) return print(noBrowser);
  const folder = mkdtempSync(join(tmpdir(), 'fluxion-page-'));
  await build({
    configFile: join(page, 'vite.config.ts'),
    root: page,
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
  print(`The page is ${(sizes.reduce((sum, size) => sum + size, 0) / 1000).toFixed(1)} kB compressed`);
  const server = new RehearsalServer(folder);
  server.live = false;
  const run = recordedRun({ methods: 1, steps: 1_000_000, ended: true });
  server.append(run.events);
  const browser = await launch();
  const tab = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await tab.goto(await server.listen());
  await tab.locator('.badge', { hasText: 'ended' }).waitFor();
  const painted = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`;
  const paint = Number(await (await tab.waitForFunction(painted)).jsonValue());
  print(`First paint after ${paint.toFixed(0)} ms, over loopback`);
  for (const [what, wheel] of [
    ['zoom', `ctrlKey: true, deltaY: (count % 40 < 20 ? -60 : 60)`],
    ['pan', `deltaX: (count % 40 < 20 ? 40 : -40)`],
  ] as const) {
    if (what === 'pan') await tab.evaluate(frames('ctrlKey: true, deltaY: -5'));
    const [rate, longest] = await tab.evaluate<[number, number]>(frames(wheel));
    print(
      `A million points a panel: ${what} at ${rate.toFixed(0)} frames a second, the longest ${longest.toFixed(0)} ms`,
    );
  }
  await tab.close();
  await arrivals(browser, folder, print);
  await rapidGraph(browser, folder, print);
  await longLog(browser, folder, print);
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}
