import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { colour, colours, dash, type Theme } from '../../../dashboard/plot/colours.js';

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright! + 0.05) / (dark! + 0.05);
}

const sheet = readFileSync(new URL('../../../dashboard/page/src/style/base.css', import.meta.url), 'utf8');

/** The custom properties of the block that begins with `selector`. */
function properties(selector: string): Record<string, string> {
  const start = sheet.indexOf(`${selector} {`);
  const block = sheet.slice(start, sheet.indexOf('}', start));
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

const grounds: Record<Theme, Record<string, string>> = {
  light: properties(':root'),
  dark: properties(':root[data-theme="dark"]'),
};

describe.each(['light', 'dark'] as const)('on a %s ground', (theme) => {
  const ground = grounds[theme];

  test('the lines of all methods stand out (WCAG 1.4.11: 3 : 1)', () => {
    for (const line of colours[theme]) expect(contrast(line, ground.card!)).toBeGreaterThanOrEqual(3);
  });

  test('all text is readable (WCAG 1.4.3: 4.5 : 1)', () => {
    for (const text of ['ink', 'soft', 'trouble', 'live', 'paused']) {
      for (const on of ['card', 'page']) {
        expect(contrast(ground[text]!, ground[on]!), `${text} on ${on}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(ground.soft!, ground.hover!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(ground.trouble!, ground['trouble-ground']!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(ground.focus!, ground.card!)).toBeGreaterThanOrEqual(3);
  });

  test('sixteen methods look different, by colour or by dashes', () => {
    const looks = Array.from({ length: 16 }, (_, method) => `${colour(theme, method)} ${dash(method)}`);
    expect(new Set(looks).size).toBe(16);
  });
});
