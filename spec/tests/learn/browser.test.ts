import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writePage } from '../../../dashboard/cli/commands/learn.js';
import { lessons } from '../../../dashboard/learn/src/model/lessons.js';
import { serveFiles } from '../../../dashboard/server/index.js';
import { builtPage } from '../page/built.js';
import { launch, noBrowser } from '../page/chromium.js';

interface Axe {
  run(context: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

if (noBrowser) console.log(`The lessons are not tested in a browser: ${noBrowser}`);

describe.skipIf(noBrowser)('the lessons in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxion-learn-'));
  const out = join(folder, 'out');
  const pictures = mkdtempSync(join(tmpdir(), 'fluxion-lessons-'));
  let built: string;
  let browser: Browser;
  let index: string;

  beforeAll(async () => {
    [built, browser] = await Promise.all([builtPage('learn'), launch()]);
    index = pathToFileURL(writePage(built, out)).href;
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
    console.log(`pictures of the lessons: ${pictures}`);
  });

  const devices = {
    desk: { viewport: { width: 1440, height: 900 } },
    phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  } satisfies Record<string, BrowserContextOptions>;
  type Device = keyof typeof devices;
  interface Opened {
    readonly tab: Page;
    /** What the browser complained of since the page was opened. */
    readonly complaints: string[];
  }
  const opened: Partial<Record<Device, Opened>> = {};

  /** The one tab of a device, from which pages are gone to by their addresses, as by links. */
  async function open(fragment: string, device: Device = 'desk', from = index): Promise<Opened> {
    opened[device] ??= await newTab(devices[device]);
    const { tab, complaints } = opened[device];
    complaints.length = 0;
    if (!tab.url().startsWith(from)) await tab.goto(`${from}#${fragment}`);
    else await goTo(tab, fragment);
    await tab.locator('.picture svg').first().waitFor();
    return opened[device];
  }

  async function newTab(options: BrowserContextOptions): Promise<Opened> {
    const tab = await browser.newPage({ reducedMotion: 'reduce', ...options });
    const complaints: string[] = [];
    tab.on('pageerror', ({ message }) => complaints.push(message));
    tab.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    return { tab, complaints };
  }

  /** Until the page shows what the address says. Its own addresses begin with a slash: this one is another. */
  async function goTo(tab: Page, fragment: string): Promise<void> {
    await tab.evaluate(`new Promise((done) => {
      addEventListener('hashchange', () => requestAnimationFrame(done), { once: true });
      location.hash = ${JSON.stringify(fragment)};
    })`);
  }

  const count = (tab: Page) => tab.locator('.count').textContent();
  const said = (tab: Page) => tab.locator('.sentences').textContent();
  const fragment = (tab: Page) => decodeURIComponent(new URL(tab.url()).hash.slice(1));
  const picture = async (tab: Page, name: string) => {
    await tab.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };
  const until = { timeout: 20_000 };

  test('is small, and keeps its own strict policy from disk', async () => {
    const sizes = readdirSync(out).map((name) => gzipSync(readFileSync(join(out, name))).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`the page takes ${(total / 1000).toFixed(0)} kB compressed`);
    expect(total).toBeLessThan(250_000);
    const html = readFileSync(join(out, 'index.html'), 'utf8');
    expect(html).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(html).not.toMatch(/<script[^>]*>[^<]|<style|type="module"/);
    const { tab, complaints } = await open('');
    const inline = await tab.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      document.body.append(script);
      'ran' in globalThis;
    `);
    expect(inline).toBe(false);
    expect(complaints.filter((one) => !one.includes('Content Security Policy'))).toEqual([]);
  });

  test('each lesson opens by its link, steps to its end and back, and nothing moves', async () => {
    const { tab, complaints } = await open('');
    const seen = () =>
      tab.evaluate<[string, number[]]>(`[document.querySelector('.count').textContent,
        ['.picture', '.strip', '.methods', '.function'].map((name) =>
          Math.round(document.querySelector(name).getBoundingClientRect().top))]`);
    for (const { id, title, short } of lessons) {
      await tab.locator('nav a', { hasText: short }).click();
      await expect.poll(() => tab.locator('.lesson-text h2').textContent(), until).toBe(title);
      expect(await tab.locator('nav [aria-current]').textContent()).toContain(short);
      await expect.poll(() => fragment(tab), until).toBe(`/lesson=${id}`);
      const [, first] = await seen();
      await tab.keyboard.press('End');
      const [end, places] = await seen();
      const [last] = end.match(/\d+$/)!;
      expect([end, places]).toEqual([`${last} / ${last}`, first]);
      await tab.keyboard.press('Home');
      for (let k = 1; k <= Math.min(3, Number(last)); k++) {
        await tab.keyboard.press('ArrowRight');
        expect([id, ...(await seen())]).toEqual([id, `${k} / ${last}`, first]);
      }
    }
    expect(complaints).toEqual([]);
  });

  test('steps, plays, pauses and returns, by buttons and keys', async () => {
    const { tab } = await open('lesson=region');
    expect(await count(tab)).toBe('0 / 22');
    await tab.getByRole('button', { name: 'Step forward' }).click();
    await tab.getByRole('button', { name: 'Step forward' }).click();
    expect(await count(tab)).toBe('2 / 22');
    await tab.getByRole('button', { name: 'Step back' }).click();
    expect(await count(tab)).toBe('1 / 22');
    await expect.poll(() => fragment(tab), until).toBe('/lesson=region&step=1');
    const radii = (which: string) =>
      tab
        .locator(`.region-${which}`)
        .evaluateAll((circles) => circles.map((one) => Number(one.getAttribute('r'))));
    expect(await radii('refused')).toEqual([]);
    for (let k = 0; k < 3; k++) await tab.getByRole('button', { name: 'Step forward' }).click();
    const [[taken], [refused, ...none]] = [await radii('edge'), await radii('refused')];
    expect(none).toEqual([]);
    expect(refused / taken).toBeCloseTo(4, 6); // a refused radius is quartered
    await tab.getByLabel('Speed').selectOption('20');
    await tab.locator('.lesson-text').click();
    await tab.keyboard.press('Space');
    await expect.poll(() => count(tab), until).toBe('22 / 22');
    await expect.poll(() => tab.getByRole('button', { name: 'Play' }).count(), until).toBe(1);
    expect(await said(tab)).toContain('The run ends here');
    await tab.getByRole('button', { name: 'Reset' }).click();
    expect(await count(tab)).toBe('0 / 22');
  });

  test('a start is clicked, dragged, and moved by keys; the walks follow', async () => {
    const { tab, complaints } = await open('lesson=overshoot');
    const box = (await tab.locator('.picture').boundingBox())!;
    await tab.mouse.click(box.x + 200, box.y + 150);
    const clicked = await tab.getByLabel('start, x').inputValue();
    expect(clicked).not.toBe('-0.9');
    const before = await said(tab);
    await tab.mouse.move(box.x + 200, box.y + 150);
    await tab.mouse.down();
    await tab.mouse.move(box.x + 300, box.y + 260, { steps: 4 });
    await tab.mouse.up();
    expect(await tab.getByLabel('start, x').inputValue()).not.toBe(clicked);
    await expect.poll(() => said(tab), until).not.toBe(before);
    const handle = tab.getByRole('button', { name: /^Start at/ });
    await handle.focus();
    const name = await handle.getAttribute('aria-label');
    await tab.keyboard.press('ArrowUp');
    await expect.poll(() => handle.getAttribute('aria-label'), until).not.toBe(name);
    expect(await count(tab)).toMatch(/^0 /);
    await expect
      .poll(
        () =>
          tab
            .getByLabel('start, y')
            .inputValue()
            .then((y) => fragment(tab).includes(`,${y}`)),
        until,
      )
      .toBe(true);
    await tab.reload();
    expect(await tab.getByLabel('start, y').inputValue()).toBe(
      fragment(tab).match(/start=[^,]+,([-\d.]+)/)![1],
    );
    expect(complaints).toEqual([]);
  });

  test('a finger starts by a tap, drags the handle, and scrolls beside it', async () => {
    const { tab, complaints } = await open('lesson=overshoot', 'phone');
    const box = (await tab.locator('.picture').boundingBox())!;
    await tab.touchscreen.tap(box.x + 120, box.y + 100);
    const [x, y] = await Promise.all(['x', 'y'].map((name) => tab.getByLabel(`start, ${name}`).inputValue()));
    expect([x, y]).not.toEqual(['-0.9', '-0.1']);
    const handle = (await tab.locator('.start').boundingBox())!;
    expect(
      Math.hypot(handle.x + handle.width / 2 - box.x - 120, handle.y + handle.height / 2 - box.y - 100),
    ).toBeLessThan(2);
    const action = (of: string) =>
      tab.evaluate(`getComputedStyle(document.querySelector('${of}')).touchAction`);
    expect(await action('.start')).toBe('none');
    expect(await action('.picture')).toBe('auto');
    expect(complaints).toEqual([]);
  });

  test('a typed function runs; a wrong one is told at the caret, and the last good one stays', async () => {
    const { tab, complaints } = await open('lesson=play');
    const formula = tab.getByLabel('or type');
    await formula.fill('x^2 + 3y^4 - x*y +');
    expect(await tab.locator('.hint .wrong').textContent()).toContain(
      "expected a number, x, y, a function such as sin, or '(', got the end, at character 19",
    );
    expect(await tab.locator('.hint pre').textContent()).toBe(`x^2 + 3y^4 - x*y +\n${' '.repeat(18)}^`);
    await expect.poll(() => fragment(tab), until).toBe('/lesson=play');
    await formula.fill('x^2 + 3y^4 - x*y');
    await expect.poll(() => tab.locator('.hint .wrong').count(), until).toBe(0);
    await expect.poll(() => fragment(tab), until).toBe('/lesson=play&f=x^2 + 3y^4 - x*y');
    await formula.fill('x^2 + cos(3x)');
    await expect.poll(() => tab.locator('.picture .curve').count(), until).toBe(2);
    await tab.getByLabel('choose').selectOption('beale');
    await expect.poll(() => tab.locator('.picture .contour').count(), until).toBeGreaterThan(5);
    expect(await formula.inputValue()).toBe('beale');
    expect(complaints).toEqual([]);
  });

  test('λ bends the step; what is not allowed is told and not taken', async () => {
    const { tab, complaints } = await open('lesson=damping');
    const turn = async () =>
      Number.parseFloat((await tab.locator('.facts div', { hasText: '∠' }).locator('dd').textContent())!);
    const before = await turn();
    const damping = tab.getByRole('spinbutton', { name: 'dampedNewton damping' });
    await damping.fill('20');
    await damping.press('Enter');
    await expect.poll(turn, until).toBeLessThan(before / 2);
    await expect.poll(() => fragment(tab), until).toContain('methods=dampedNewton(damping=20),newton');
    await damping.fill('-1');
    await damping.press('Enter');
    expect(await tab.getByRole('alert').textContent()).toBe(
      'dampedNewton(damping): expected a number in [0, ∞), got -1',
    );
    await expect.poll(() => fragment(tab), until).toContain('dampedNewton(damping=20)');
    await tab.getByRole('slider', { name: 'dampedNewton damping' }).press('ArrowRight');
    await expect.poll(() => fragment(tab), until).not.toContain('(damping=20)');
    expect(complaints).toEqual([]);
  });

  test('a rate falls by a schedule, which is drawn, and stays again', async () => {
    const { tab, complaints } = await open('lesson=play&methods=gradientDescent(learningRate=0.1)&step=3');
    await tab.getByLabel('learningRate over the steps').selectOption('exponential');
    await expect
      .poll(() => fragment(tab), until)
      .toContain('methods=gradientDescent(learningRate=exponential(from=0.1,factor=0.9))');
    const drawn = tab.locator('.rates');
    expect(await drawn.locator('figcaption').textContent()).toBe('0.0729 at step 3');
    await picture(tab, 'schedule');
    await tab.getByRole('spinbutton', { name: 'exponential factor' }).fill('0.5');
    await tab.keyboard.press('Enter');
    await expect.poll(() => drawn.locator('figcaption').textContent(), until).toBe('0.0125 at step 3');
    await tab.getByLabel('learningRate over the steps').selectOption('stays');
    await expect.poll(() => drawn.count(), until).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('methods are added, chosen, looked at and removed; a link brings all of it back', async () => {
    const { tab, complaints } = await open('lesson=model');
    await tab.getByRole('combobox', { name: /^add/ }).selectOption('bfgs');
    await tab.getByLabel('method 1').selectOption('trustRegion');
    await tab.getByLabel('trust region').check();
    await tab.getByRole('button', { name: 'Paths' }).click();
    await expect.poll(() => fragment(tab), until).toContain('view=');
    await tab.getByRole('button', { name: 'Zoom in' }).click();
    await tab.keyboard.press('End');
    await expect.poll(() => fragment(tab), until).toContain('step=13');
    const seen = [
      await said(tab),
      await count(tab),
      await tab.locator('.methods .outcome').allTextContents(),
    ];
    await expect.poll(() => fragment(tab), until).toContain('methods=trustRegion,bfgs');
    const levels = await tab.locator('.picture .level').allTextContents();
    await tab.reload();
    expect([
      await said(tab),
      await count(tab),
      await tab.locator('.methods .outcome').allTextContents(),
      await tab.locator('.picture .level').allTextContents(),
    ]).toEqual([...seen, levels]);
    await tab.getByRole('button', { name: 'remove bfgs' }).click();
    await expect.poll(() => fragment(tab), until).toContain('methods=trustRegion&');
    await tab.getByRole('link', { name: 'Saddles' }).click();
    await expect.poll(() => tab.locator('.lesson-text h2').textContent(), until).toBe('At a saddle');
    await tab.goBack();
    await expect.poll(() => tab.locator('.lesson-text h2').textContent(), until).toBe(lessons[0].title);
    expect(complaints).toEqual([]);
  });

  test('what an address gets wrong is told above the page', async () => {
    const { tab } = await open('lesson=region&methods=newtom&step=many');
    const told = await tab.locator('.notice').textContent();
    expect(told).toContain("did you mean 'newton'?");
    expect(told).toContain('address(step): expected a whole number');
  });

  /** axe looks at each theme and at each width once, and a picture is left of it. */
  const looks: readonly [string, Device, boolean, 'light' | 'dark', { width: number; height: number }][] = [
    ['light-wide', 'desk', false, 'light', { width: 1920, height: 1080 }],
    ['dark', 'desk', true, 'dark', devices.desk.viewport],
    ['light-phone', 'phone', true, 'light', devices.phone.viewport],
    ['dark-phone', 'phone', false, 'dark', { width: 390, height: 844 }],
  ];
  const views = [
    'lesson=damping',
    'lesson=saddle&focus=2',
    'lesson=learning&step=2',
    'lesson=cycle',
    'lesson=play&step=2',
  ];

  test.each(looks)(
    '%s: nothing wider than the screen of a %s, and, asked %s, axe complains of nothing',
    async (look, device, asked, colorScheme, viewport) => {
      const { tab } = await open('', device);
      await tab.emulateMedia({ colorScheme });
      await tab.setViewportSize(viewport);
      if (asked) await tab.evaluate(axe);
      for (const view of views) {
        await goTo(tab, view);
        await expect
          .poll(() => tab.locator('nav [aria-current]').getAttribute('href'), until)
          .toBe(`#/${view.split('&')[0]}`);
        await tab.locator('.picture svg').first().waitFor();
        const [width, room] = await tab.evaluate<number[]>(
          '[document.documentElement.scrollWidth, innerWidth]',
        );
        expect(width).toBeLessThanOrEqual(room);
        expect(await tab.evaluate('document.documentElement.dataset.theme')).toBe(colorScheme);
        if (!asked) continue;
        await picture(tab, `${look}-${view.match(/=([a-z]+)/)![1]}`);
        expect(await axeComplaints(tab)).toEqual([]);
      }
    },
  );

  /** What axe finds, the insides of drawings aside: they are pictures with a text of their own. */
  async function axeComplaints(tab: Page): Promise<string[]> {
    const { violations } = await tab.evaluate(() =>
      (globalThis as unknown as { axe: Axe }).axe.run(
        { exclude: ['.picture svg > *', '.small-picture svg > *'] },
        { resultTypes: ['violations'] },
      ),
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  test('is served on this machine to its own names alone', async () => {
    const served = await serveFiles(built, 0);
    const { port } = new URL(served.url);
    const { tab, complaints } = await open('lesson=model&step=2', 'desk', served.url);
    expect(await count(tab)).toBe('2 / 6');
    expect(complaints).toEqual([]);
    const status = async (path: string, init: RequestInit = {}) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, init)).status;
    expect(await status('/learn.js')).toBe(200);
    expect(await status('/../package.json')).toBe(404);
    expect(await status('/', { method: 'POST' })).toBe(405);
    expect(await status('/', { headers: { Origin: 'http://elsewhere.example' } })).toBe(403);
    await served.close();
  });

  test('is written only where nothing else stands', () => {
    expect(() => writePage(built, out)).not.toThrow(); // a second time
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.tex'), '');
    expect(() => writePage(built, other)).toThrow(
      /expected an empty folder or a new one, got .* which holds thesis.tex/,
    );
    expect(() => writePage(built, join(other, 'thesis.tex'))).toThrow(
      /expected a folder, got .* which is a file/,
    );
    expect(existsSync(join(other, 'index.html'))).toBe(false);
  });
});
