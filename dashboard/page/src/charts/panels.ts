import { number, percent } from '../data/format.js';
import type { Quantity } from '../data/method-record.js';

/** What a panel shows and how. */
export interface PanelKind {
  readonly quantity: Quantity;
  readonly title: string;
  readonly unit?: string;
  /** Whether the y axis starts out logarithmic; left out where a log axis makes no sense. */
  readonly log?: boolean;
  readonly format: (value: number | undefined) => string;
  readonly label?: (value: number) => string;
  readonly bounds?: readonly [number, number];
  /** Measured now and then: drawn with dots, not smoothed. */
  readonly sparse?: boolean;
}

export const panels: readonly PanelKind[] = [
  { quantity: 'loss', title: 'Loss', log: true, format: (value) => number(value) },
  {
    quantity: 'accuracy',
    title: 'Test accuracy',
    format: (value) => percent(value, 2),
    label: (value) => percent(value, 4).replace(/\.?0+(?=\u2009)/, ''),
    bounds: [0, 1],
    sparse: true,
  },
  { quantity: 'testLoss', title: 'Test loss', log: true, format: (value) => number(value), sparse: true },
  { quantity: 'milliseconds', title: 'Step time', unit: 'ms', log: true, format: (value) => number(value) },
  { quantity: 'gradientNorm', title: 'Gradient norm', log: true, format: (value) => number(value) },
  { quantity: 'updateNorm', title: 'Update norm', log: true, format: (value) => number(value) },
];
