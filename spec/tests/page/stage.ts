import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { colour, type Theme } from '../../../dashboard/plot/colours.js';
import { builtPage } from './built.js';
import { launch } from './chromium.js';
import type { RecordedRun } from './recorded-run.js';
import { RehearsalServer } from './rehearsal-server.js';

/** Long enough for a busy machine: what is waited for takes a fraction of a second. */
export const until = { timeout: 20_000 };

/** What a page is looked at with. */
export interface Look {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** On a phone, with a finger. */
  readonly phone?: boolean;
  /** The address behind #. */
  readonly hash?: string;
}

/** The built page and a browser, for all tests of a file. */
export interface Stage {
  readonly folder: () => string;
  /** Where pictures of the page are left. */
  readonly pictures: string;
  readonly browser: () => Browser;
  /** Serves a run up to an event, and opens the page on it; what the browser complains of is collected. */
  open(run: RecordedRun, upTo?: number, look?: Look): Promise<Opened>;
}

export interface Opened {
  readonly server: RehearsalServer;
  readonly tab: Page;
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export function stage(): Stage {
  const pictures = mkdtempSync(join(tmpdir(), 'fluxion-pictures-'));
  let folder: string;
  let browser: Browser;
  /** Tabs are kept, and opened on the next page: that costs a third of a new one. */
  const free: Record<'desk' | 'phone', Tab[]> = { desk: [], phone: [] };

  beforeAll(async () => {
    [folder, browser] = await Promise.all([builtPage('page'), launch()]);
  });

  afterAll(async () => {
    await browser?.close();
    console.log(`pictures of the page: ${pictures}`);
  });

  return {
    folder: () => folder,
    pictures,
    browser: () => browser,
    async open(run, upTo = run.events.length, { viewport, colorScheme, phone, hash = '' } = {}) {
      const server = new RehearsalServer(folder);
      server.live = upTo < run.events.length;
      server.append(run.events.slice(0, upTo));
      const url = await server.listen();
      const kept = free[phone ? 'phone' : 'desk'];
      const tab = kept.pop() ?? (await newTab(browser, phone));
      const { page, complaints } = tab;
      await page.setViewportSize(viewport ?? { width: 1600, height: 1000 });
      await page.emulateMedia({ colorScheme: colorScheme ?? 'light', reducedMotion: null });
      complaints.length = 0;
      await page.goto(url + hash);
      const close = async () => {
        await page.goto('about:blank');
        await server.close();
        kept.push(tab);
      };
      return { server, tab: page, complaints, close };
    },
  };
}

interface Tab {
  readonly page: Page;
  readonly complaints: string[];
}

async function newTab(browser: Browser, phone = false): Promise<Tab> {
  const page = await browser.newPage(phone ? { hasTouch: true, isMobile: true } : {});
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints };
}

export const badge = (tab: Page) => tab.locator('.badge');
export const cell = (tab: Page, method: string, column: number) =>
  tab.locator('.methods tbody tr').filter({ hasText: method }).locator('td').nth(column);
export const headings = (tab: Page) => tab.locator('.methods').first().locator('thead th').allTextContents();

/** Waits until the run is read to its end. */
export async function ended(tab: Page): Promise<void> {
  await expect.poll(() => badge(tab).textContent(), until).toMatch(/^(ended|cut off)$/);
}

/** Which methods have pixels of just their colour on the canvas of the loss. */
export async function inColours(tab: Page, theme: Theme, methods: number): Promise<number[]> {
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
