import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { colour, colours, dash, type Theme } from '../../../dashboard/plot/colours.js';

type Matrix = readonly (readonly number[])[];

/** How linear RGB appears without one kind of cones: Machado, Oliveira and Fernandes 2009, severity 1. */
const sights: Readonly<Record<string, Matrix>> = {
  'with all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'without long cones': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'without middle cones': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'without short cones': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const product = (matrix: Matrix, vector: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, entry, i) => sum + entry * vector[i]!, 0));

function linear(hex: string): number[] {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

/** Ottosson 2020. */
function oklab(rgb: readonly number[]): number[] {
  const cones = product(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map((cone) => Math.cbrt(Math.max(0, cone)));
  return product(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red, green, blue] = linear(hex);
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

  test('24 methods look different, by colour or by dashes', () => {
    const looks = Array.from({ length: 24 }, (_, method) => `${colour(theme, method)} ${dash(method)}`);
    expect(new Set(looks).size).toBe(24);
  });

  test.each(Object.entries(sights))('any two lines differ for an eye %s', (_, sight) => {
    const seen = colours[theme].map((hex) => oklab(product(sight, linear(hex))));
    for (const [k, one] of seen.entries()) {
      for (const other of seen.slice(k + 1)) {
        expect(Math.hypot(...one.map((part, i) => part - other[i]!))).toBeGreaterThan(0.1);
      }
    }
  });
});
