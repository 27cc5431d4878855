import { colour, dash } from '../../../plot/colours.js';
import { theme } from '../style/theme.js';
import { lineOf } from './looking.js';

/** A short stroke as its method's line is drawn. */
export function Swatch({ method }: { readonly method: number }) {
  const line = lineOf(method);
  return (
    <svg class="swatch" width="18" height="4" viewBox="0 0 18 4" aria-hidden="true">
      <line
        x1="0"
        y1="2"
        x2="18"
        y2="2"
        stroke={colour(theme.value, line)}
        stroke-width="3"
        stroke-dasharray={dash(line).join(' ')}
      />
    </svg>
  );
}
