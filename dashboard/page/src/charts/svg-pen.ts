import { type Box, lineThrough, type Place } from '../../../plot/polyline.js';
import { fontFamily, type Lettering, type Pen, type Stroke } from './pen.js';

/** Writes an SVG picture that looks as the canvas does. */
export class SvgPen implements Pen {
  #body = '';
  #clips = 0;

  /** `measure` tells how wide texts are. */
  constructor(readonly measure: Pen['width']) {}

  /** The whole file. */
  file(width: number, height: number, ground: string, title: string): string {
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="${fontFamily}"><title>${escaped(title)}</title>` +
      `<rect width="100%" height="100%" fill="${ground}"/>${this.#body}</svg>\n`
    );
  }

  line(coordinates: readonly number[], { colour, width, opacity = 1, dash = [] }: Stroke): void {
    const places: Place[] = [];
    for (let i = 0; i < coordinates.length; i += 2) places.push([coordinates[i]!, coordinates[i + 1]!]);
    const d = lineThrough(places);
    if (d === '') return;
    this.#body +=
      `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"` +
      `${faint('stroke', opacity)}${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}/>`;
  }

  area(coordinates: readonly number[], colour: string, opacity: number): void {
    const points: string[] = [];
    for (let i = 0; i < coordinates.length; i += 2) {
      points.push(`${short(coordinates[i]!)},${short(coordinates[i + 1]!)}`);
    }
    this.#body += `<polygon points="${points.join(' ')}" fill="${colour}"${faint('fill', opacity)}/>`;
  }

  boxes(boxes: readonly number[], colour: string, opacity: number): void {
    let d = '';
    for (let i = 0; i < boxes.length; i += 4) {
      const [x, y, width, height] = boxes.slice(i, i + 4).map(short);
      d += `M${x} ${y}h${width}v${height}h-${width}z`;
    }
    this.#body += `<path d="${d}" fill="${colour}"${faint('fill', opacity)} shape-rendering="crispEdges"/>`;
  }

  dot(x: number, y: number, radius: number, colour: string, ground?: string): void {
    const ring = ground === undefined ? '' : ` stroke="${ground}" stroke-width="1.5"`;
    this.#body += `<circle cx="${short(x)}" cy="${short(y)}" r="${radius}" fill="${colour}"${ring}/>`;
  }

  text(text: string, x: number, y: number, { colour, align, size }: Lettering): void {
    const anchor = { left: 'start', center: 'middle', right: 'end' }[align];
    this.#body +=
      `<text x="${short(x)}" y="${short(y)}" dy=".35em" font-size="${size}" text-anchor="${anchor}" ` +
      `fill="${colour}">${escaped(text)}</text>`;
  }

  within({ left, top, width, height }: Box, draw: () => void): void {
    const id = `clip-${++this.#clips}`;
    this.#body +=
      `<clipPath id="${id}"><rect x="${short(left)}" y="${short(top)}" width="${short(width)}" ` +
      `height="${short(height)}"/></clipPath><g clip-path="url(#${id})">`;
    draw();
    this.#body += '</g>';
  }

  width(text: string, size: number): number {
    return this.measure(text, size);
  }
}

const faint = (what: string, opacity: number) => (opacity === 1 ? '' : ` ${what}-opacity="${opacity}"`);
const short = (value: number) => String(Math.round(100 * value) / 100);

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
