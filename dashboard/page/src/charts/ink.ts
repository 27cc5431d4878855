/** What canvases are drawn with: the page's own colours, read from its style sheet so that they live once. */
export interface Ink {
  readonly axis: string;
  readonly grid: string;
  readonly font: string;
}

export function ink(): Ink {
  const style = getComputedStyle(document.documentElement);
  return {
    axis: style.getPropertyValue('--soft').trim(),
    grid: style.getPropertyValue('--grid').trim(),
    font: '11px system-ui, sans-serif',
  };
}
