import type { Box } from '../../../plot/polyline.js';

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly opacity?: number;
  readonly dash?: readonly number[];
}

export interface Lettering {
  readonly colour: string;
  readonly align: 'left' | 'center' | 'right';
  readonly size: number;
}

/**
 * What a chart is drawn with, on a canvas or into an SVG file alike: all places in CSS pixels. Lines and areas are
 * given as coordinates x₀, y₀, x₁, y₁, …; a NaN among them breaks a line.
 */
export interface Pen {
  line(coordinates: readonly number[], stroke: Stroke): void;
  area(coordinates: readonly number[], colour: string, opacity: number): void;
  /** Boxes x, y, width, height, …, filled without seams between those that touch. */
  boxes(boxes: readonly number[], colour: string, opacity: number): void;
  dot(x: number, y: number, radius: number, colour: string, ground?: string): void;
  text(text: string, x: number, y: number, lettering: Lettering): void;
  /** Whatever is drawn meanwhile is cut off at the box. */
  within(box: Box, draw: () => void): void;
  /** How wide a text is. */
  width(text: string, size: number): number;
}

export const fontFamily = 'system-ui, sans-serif';
