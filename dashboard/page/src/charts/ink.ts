/** What canvases are drawn with: the page's own colours, read from its style sheet so that they live once. */
export interface Ink {
  readonly axis: string;
  readonly grid: string;
  /** Lines between those with a label. */
  readonly fine: string;
  readonly reference: string;
  readonly card: string;
}

let known: { readonly theme: string | undefined; readonly ink: Ink } | undefined;

/** That of the theme shown: asking the style sheet takes long. */
export function ink(): Ink {
  const { theme } = document.documentElement.dataset;
  if (known?.theme !== theme) known = { theme, ink: read() };
  return known!.ink;
}

function read(): Ink {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    axis: of('--soft'),
    grid: of('--grid'),
    fine: of('--fine'),
    reference: of('--reference'),
    card: of('--card'),
  };
}
