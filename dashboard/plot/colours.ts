/**
 * One colour a method, the same everywhere. Each stands out from its ground by 3 : 1, and any two of a ground differ by
 * 0.1 in OKLab (Ottosson 2020), also as people see them who lack a kind of cones (Machado et al. 2009, severity 1).
 */
export const colours = {
  light: ['#4052ba', '#d17e16', '#1c490c', '#610c81', '#338ad1', '#856705', '#9c245a', '#909093'],
  dark: ['#22aafb', '#f4821c', '#438d85', '#9c44c7', '#8cf2fe', '#e3fc8e', '#c6400a', '#b4b1ad'],
} as const;

export type Theme = keyof typeof colours;

/** Line styles besides: four methods each. */
const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 2.5], [9, 3, 2, 3], [4, 2], [1, 4]];

export function colour(theme: Theme, method: number): string {
  const palette = colours[theme];
  return palette[method % palette.length]!;
}

/** Lengths of strokes and gaps; none for a line without gaps. Colour and dashes together come again after 24 methods. */
export function dash(method: number): number[] {
  return [...dashes[Math.floor(method / 4) % dashes.length]!];
}
