/**
 * One colour a method, the same everywhere: Okabe & Ito's palette (2008), readable by the colour-blind, each
 * darkened on a light ground and lightened on a dark one until it stands out from it by at least 3 : 1.
 */
export const colours = {
  light: ['#0072b2', '#d55e00', '#00825f', '#b04f86', '#a86f00', '#2b8bc0', '#3d434a', '#837a00'],
  dark: ['#4ba3e3', '#f5813f', '#2fc39a', '#e094c0', '#efb12f', '#9ad7fa', '#d3d8de', '#f0e442'],
} as const;

export type Theme = keyof typeof colours;

/** From the ninth method on the colours come again, dashed. */
export function colour(theme: Theme, method: number): string {
  const palette = colours[theme];
  return palette[method % palette.length]!;
}

export function dash(method: number): number[] {
  const round = Math.floor(method / colours.light.length);
  return round === 0 ? [] : [3 + 3 * round, 3];
}
