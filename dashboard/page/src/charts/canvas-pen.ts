import type { Box } from '../../../plot/polyline.js';
import { fontFamily, type Lettering, type Pen, type Stroke } from './pen.js';

/** Draws on a canvas of `ratio` device pixels a CSS pixel. */
export class CanvasPen implements Pen {
  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly ratio: number,
  ) {}

  get #context(): CanvasRenderingContext2D {
    return this.canvas.getContext('2d')!;
  }

  /** Wipes the canvas clean, and makes it that many CSS pixels wide and high. */
  clear(width: number, height: number): void {
    const { canvas, ratio } = this;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, across, down);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  line(coordinates: readonly number[], { colour, width, opacity = 1, dash = [] }: Stroke): void {
    const context = this.#context;
    context.beginPath();
    let started = false;
    for (let i = 0; i < coordinates.length; i += 2) {
      const [x, y] = [coordinates[i]!, coordinates[i + 1]!];
      if (Number.isNaN(x + y)) started = false;
      else if (started) context.lineTo(x, y);
      else {
        context.moveTo(x, y);
        started = true;
      }
    }
    context.globalAlpha = opacity;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.lineJoin = 'round';
    context.setLineDash(dash as number[]);
    context.stroke();
    context.globalAlpha = 1;
  }

  area(coordinates: readonly number[], colour: string, opacity: number): void {
    const context = this.#context;
    context.beginPath();
    for (let i = 0; i < coordinates.length; i += 2) context.lineTo(coordinates[i]!, coordinates[i + 1]!);
    context.closePath();
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
  }

  boxes(boxes: readonly number[], colour: string, opacity: number): void {
    const context = this.#context;
    const { ratio } = this;
    const crisp = (at: number) => Math.round(at * ratio) / ratio;
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    for (let i = 0; i < boxes.length; i += 4) {
      const [x, y] = [crisp(boxes[i]!), crisp(boxes[i + 1]!)];
      const [right, bottom] = [crisp(boxes[i]! + boxes[i + 2]!), crisp(boxes[i + 1]! + boxes[i + 3]!)];
      context.fillRect(x, y, right - x, bottom - y);
    }
    context.globalAlpha = 1;
  }

  dot(x: number, y: number, radius: number, colour: string, ground?: string): void {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    if (ground === undefined) return;
    context.setLineDash([]);
    context.lineWidth = 1.5;
    context.strokeStyle = ground;
    context.stroke();
  }

  text(text: string, x: number, y: number, { colour, align, size }: Lettering): void {
    const context = this.#context;
    context.font = `${size}px ${fontFamily}`;
    context.textAlign = align;
    context.textBaseline = 'middle';
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  within({ left, top, width, height }: Box, draw: () => void): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    draw();
    context.restore();
  }

  width(text: string, size: number): number {
    const context = this.#context;
    context.font = `${size}px ${fontFamily}`;
    return context.measureText(text).width;
  }
}
