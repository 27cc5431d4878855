import { styleSheet } from './style.js';
import { element, escaped, label } from './svg.js';

/** How wide all figures are, in pixels, and what is left free at their edges. */
export const figureWidth = 960;
export const edge = 24;
/** Where the panels begin, below the title. */
export const bodyTop = 76;

/** A whole SVG file: title, style and ground, and on them the body. */
export function figure(title: string, methods: number, height: number, body: string): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: figureWidth,
    height: Math.ceil(height),
    viewBox: `0 0 ${figureWidth} ${Math.ceil(height)}`,
    role: 'img',
  };
  const ground = element('rect', { class: 'ground', width: '100%', height: '100%' });
  return `${element(
    'svg',
    attributes,
    element('title', {}, escaped(title)),
    element('style', {}, styleSheet(methods)),
    ground,
    label(edge, 34, 'title', title),
    body,
  )}\n`;
}
