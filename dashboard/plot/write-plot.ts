import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { onFile } from '../record/disk/disk-error.js';

/** A picture that cannot be written as asked, and what to do about it. */
export class PlotError extends Error {
  override readonly name = 'PlotError';
}

/** Pixels of a PNG for each of the SVG's: sharp on screens of today, and in print at this size. */
const density = 2;

/**
 * Writes a picture as `.svg` or, drawn at twice its size, as `.png`.
 *
 * @throws PlotError on another ending, and where PNG cannot be made on this machine; DiskError where it cannot be written
 */
export async function writePlot(file: string, svg: string): Promise<void> {
  const bytes = checkedSuffix(file) === '.svg' ? svg : await toPng(svg);
  onFile(file, () => writeFileSync(file, bytes));
}

/**
 * The ending of a picture's file, if one can be written.
 *
 * @throws PlotError on any but .svg and .png
 */
export function checkedSuffix(file: string): '.svg' | '.png' {
  const suffix = extname(file).toLowerCase();
  if (suffix === '.svg' || suffix === '.png') return suffix;
  throw new PlotError(`${file}: expected a name that ends in .svg or .png`);
}

/** @throws PlotError where the renderer is not installed, or there is no font to write with */
async function toPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js').catch((cause: unknown) => {
    throw new PlotError(
      'PNG needs the optional package @resvg/resvg-js, which is not installed here: npm install @resvg/resvg-js, or write .svg',
      { cause },
    );
  });
  const fonts = { loadSystemFonts: true, sansSerifFamily: 'DejaVu Sans' };
  const letter = new Resvg(
    '<svg xmlns="http://www.w3.org/2000/svg"><text y="20" font-size="20">M</text></svg>',
    {
      font: fonts,
    },
  );
  if (letter.getBBox() === undefined) {
    throw new PlotError(
      'PNG needs a font to write its labels with: install one (fonts-dejavu-core on Debian), or write .svg',
    );
  }
  return new Resvg(svg, { font: fonts, fitTo: { mode: 'zoom', value: density } }).render().asPng();
}
