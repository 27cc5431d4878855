import { colour, dash, type Theme } from './colours.js';

const inks = {
  light: {
    ground: '#ffffff',
    ink: '#1a1e23',
    soft: '#586069',
    line: '#c9ced4',
    grid: '#eceef1',
    contour: '#a3adb8',
  },
  dark: {
    ground: '#15191d',
    ink: '#e4e7ea',
    soft: '#9aa4ae',
    line: '#3a424a',
    grid: '#23292f',
    contour: '#55616d',
  },
} as const;

const fonts = "system-ui,-apple-system,'Segoe UI',Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif";

/** The style sheet of a figure with this many methods: light, and dark where the viewer asks for it. */
export function styleSheet(methods: number): string {
  const rules = [
    `text{font-family:${fonts};font-size:12px}`,
    '.title{font-size:17px;font-weight:600}',
    '.small{font-size:11px}',
    '.variable{font-style:italic;font-size:13px}',
    '.level{font-size:10px;text-anchor:middle;paint-order:stroke;stroke-width:3px;stroke-linejoin:round}',
    '.frame,.contour,.grid,.path,.ring,.cross{fill:none}',
    '.contour{stroke-width:.9}',
    '.grid{stroke-width:1}',
    '.region{fill-opacity:.008}',
    '.path{stroke-linejoin:round;stroke-linecap:round}',
    '.ring{stroke-width:1.6}',
    '.cross{stroke-width:1.8;stroke-linecap:round}',
    '.halo{fill:none;stroke-width:4.5;stroke-linecap:round}',
  ];
  return `${rules.join('')}${themed('light', methods)}@media (prefers-color-scheme:dark){${themed('dark', methods)}}`;
}

/** The dashes of a method, which tell it from the one in the same colour eight methods before. */
export function dashes(method: number): string | undefined {
  return dash(method).join(' ') || undefined;
}

function themed(theme: Theme, methods: number): string {
  const { ground, ink, soft, line, grid, contour } = inks[theme];
  const rules = [
    `.ground{fill:${ground}}text,.title,.ink{fill:${ink}}.soft{fill:${soft}}`,
    `.frame{stroke:${line}}.grid{stroke:${grid}}.contour{stroke:${contour}}.region{fill:${ink}}`,
    `.level{fill:${soft};stroke:${ground}}.halo{stroke:${ground}}.ring,.cross{stroke:${ink}}`,
    `.void{fill:${grid};stroke:${line}}`,
  ];
  for (let method = 0; method < methods; method++) {
    rules.push(
      `.s${method}{stroke:${colour(theme, method)}}.f${method}{fill:${colour(theme, method)};stroke:${ground}}`,
    );
  }
  return rules.join('');
}
