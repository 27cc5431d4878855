/**
 * A sample as fast-check prints it, made short for a person: arrays on the host are their entries in brackets, a 0-d
 * array its one entry, one without entries its shape, and keys have no quotes.
 *
 * @example shownSample('{"at":{"shape":[],"data":Float64Array.from([2])}}') // '{at: 2}'
 */
export function shownSample(text: string): string {
  return text
    .replace(/(?:Float64|Float32|Int32|Uint8)Array\.from\((\[[^\]]*\])\)/g, '$1')
    .replace(/\{"shape":\[([^\]]*)\],"data":\[([^\]]*)\]\}/g, (_, shape: string, data: string) => {
      if (data === '') return `empty[${shape}]`;
      if (shape === '') return data;
      return shape.includes(',') ? `[${rowsOf(shape, data)}]` : `[${data}]`;
    })
    .replace(/"(\w+)":/g, '$1:')
    .replace(
      /Number\.(NaN|POSITIVE_INFINITY|NEGATIVE_INFINITY)/g,
      (_, name: keyof typeof numbers) => numbers[name],
    )
    .replace(/([,:])(?=\S)/g, '$1 ');
}

/** A mistake as it is described, with a capital and a full stop. */
export function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.…]$/.test(text) ? '' : '.'}`;
}

const numbers = { NaN: 'NaN', POSITIVE_INFINITY: '∞', NEGATIVE_INFINITY: '−∞' };

/** Rows of the last axis apart, the shape lost only where there are more axes than two. */
function rowsOf(shape: string, data: string): string {
  const width = Number(shape.slice(shape.lastIndexOf(',') + 1));
  const entries = data.split(',');
  const rows = entries.flatMap((_, i) =>
    i % width === 0 ? [`[${entries.slice(i, i + width).join(',')}]`] : [],
  );
  return rows.join(',');
}
