import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where the browser is; the variable comes first. */
export const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Undefined where there is a browser, else why its tests cannot run. */
export const noBrowser = existsSync(browserPath)
  ? undefined
  : `no browser at ${browserPath}: apt-get install chromium, or set CHROMIUM to where one is`;

/** A headless browser that talks to nobody but the page. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
