import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect } from 'vitest';
import { colour, type Theme } from '../../../dashboard/plot/colours.js';
import { launch } from './chromium.js';
import type { RecordedRun } from './recorded-run.js';
import { RehearsalServer } from './rehearsal-server.js';

const page = new URL('../../../dashboard/page/', import.meta.url).pathname;

/** Long enough for a busy machine: what is waited for takes a fraction of a second. */
export const until = { timeout: 20_000 };

/** The built page and a browser, for all tests of a file. */
export interface Stage {
  readonly folder: string;
  /** Where pictures of the page are left. */
  readonly pictures: string;
  readonly browser: () => Browser;
  /** Serves a run up to an event, and opens the page on it; what the browser complains of is collected. */
  open(
    run: RecordedRun,
    upTo?: number,
    options?: BrowserContextOptions & { readonly hash?: string },
  ): Promise<Opened>;
}

export interface Opened {
  readonly server: RehearsalServer;
  readonly tab: Page;
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export function stage(): Stage {
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

  return {
    folder,
    pictures,
    browser: () => browser,
    async open(run, upTo = run.events.length, { hash = '', ...options } = {}) {
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
      await tab.goto(url + hash);
      const close = async () => {
        await tab.close();
        await server.close();
      };
      return { server, tab, complaints, close };
    },
  };
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
