import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { browserPath, noBrowser } from '../page/chromium.js';

/** The page's program as a bundler gives it to a browser. */
async function bundled(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ...{ write: false, minify: false, target: 'es2023' },
      lib: { entry: resolve(import.meta.dirname, 'webgpu-page.ts'), formats: ['es'], fileName: 'bundle' },
      rollupOptions: { output: { codeSplitting: false } },
    },
  });
  const chunks = [output].flat().flatMap((one) => ('output' in one ? one.output : []));
  return chunks.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
}

/** The card in software for the pages too: a canvas that WebGPU has drawn, by which values are read, stays empty else. */
const software = [
  ...['--headless=new', '--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  ...['--enable-features=Vulkan', '--use-vulkan=swiftshader', '--use-angle=swiftshader'],
  ...['--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
];

it.skipIf(noBrowser !== undefined)(
  `in a browser a run on the card ends with its device, or is refused in words ${noBrowser ?? ''}`,
  async () => {
    const code = await bundled();
    const server = createServer((request, response) => {
      const script = request.url === '/bundle.js';
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
      response.end(script ? code : '<script type="module" src="/bundle.js"></script>');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const browser = await chromium.launch({
      executablePath: browserPath,
      args: software,
    });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => 'trainUntilLost' in globalThis);
      const run = await page.evaluate(() =>
        (
          globalThis as unknown as { trainUntilLost: typeof import('./webgpu-page.js').trainUntilLost }
        ).trainUntilLost(),
      );
      if (typeof run === 'string') {
        expect(run).toMatch(
          /^useBackend\('webgpu'\): (values cannot be read back|WebGPU finds no graphics card)/,
        );
        return;
      }
      expect(run.outcome?.kind).toBe('deviceLost');
      expect(run.losses.every((loss) => loss > 0.5 && loss < 3)).toBe(true);
      expect(run.left.length).toBe(12 * 8 + 8 + 8 * 3 + 3);
    } finally {
      await browser.close();
      server.close();
    }
  },
  120_000,
);
