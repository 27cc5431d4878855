type Attribute = string | number | undefined;

/** An SVG element; attributes are escaped, children are markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? pixels(value) : String(value))}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** Text as it may stand in markup: special characters escaped, those XML forbids replaced. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** A length in pixels, to a hundredth. */
export function pixels(value: number): string {
  const text = value.toFixed(2).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** A piece of text at (x, y). */
export function label(x: number, y: number, kind: string, text: string, anchor?: 'middle' | 'end'): string {
  return element('text', { x, y, class: kind, 'text-anchor': anchor }, typeset(text));
}

/** Markup of a text in which ⁻³ and ₁ are digits raised and lowered: few fonts have all of these signs. */
export function typeset(text: string): string {
  let back: string | undefined; // to the line from where the part before stood
  return text
    .split(/([⁻⁰¹²³⁴-⁹]+|[₀-₉]+)/)
    .map((part, k) => {
      if (part === '') return '';
      if (k % 2 === 0)
        return back === undefined ? escaped(part) : element('tspan', { dy: back }, escaped(part));
      const raised = !/[₀-₉]/.test(part);
      back = raised ? '.32em' : '-.2em';
      const digits = part.replace(/./g, (sign) => {
        const digit = (raised ? superscripts : subscripts).indexOf(sign);
        return digit < 0 ? '−' : String(digit);
      });
      return element('tspan', { dy: raised ? '-.43em' : '.27em', 'font-size': '75%' }, digits);
    })
    .join('');
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const subscripts = '₀₁₂₃₄₅₆₇₈₉';

const averageWidth = 0.56; // of a letter, over the size of the font

/** About how wide a text is: enough in nearly all fonts it may be drawn with. */
export function widthOf(text: string, size: number): number {
  return averageWidth * size * Array.from(text).length;
}

/** The text cut to a width, with … where something is missing. */
export function fitted(text: string, size: number, width: number): string {
  if (widthOf(text, size) <= width) return text;
  return `${Array.from(text)
    .slice(0, Math.max(1, Math.floor(width / (averageWidth * size)) - 1))
    .join('')}…`;
}
