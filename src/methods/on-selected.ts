import { masked } from '../transforms/masked.js';
import { everything, type Selection } from '../transforms/selection.js';
import type { Transform } from '../transforms/transform.js';

/** The transform on the selected parameters; itself, without a mask, where all are selected. */
export function onSelected(transform: Transform, selected: Selection): Transform {
  return selected === everything ? transform : masked(transform, selected);
}
