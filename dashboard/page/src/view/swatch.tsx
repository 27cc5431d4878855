import { colour, dash } from '../../../plot/colours.js';
import { theme } from '../style/theme.js';

/** A short stroke in a method's colour. */
export function Swatch({ method }: { readonly method: number }) {
  return (
    <svg class="swatch" width="18" height="4" viewBox="0 0 18 4" aria-hidden="true">
      <line
        x1="0"
        y1="2"
        x2="18"
        y2="2"
        stroke={colour(theme.value, method)}
        stroke-width="3"
        stroke-dasharray={dash(method).join(' ')}
      />
    </svg>
  );
}
