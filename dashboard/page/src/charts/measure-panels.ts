import type { MeasureDescription } from '../../../../src/index.js';

/** Where panels stand together, in this order. */
export const groups = [
  'Progress',
  'Damping and trust',
  'Curvature',
  'Step and update',
  'Line search',
  'Parameters',
  'Every step',
  'Other measures',
] as const;

export type Group = (typeof groups)[number];

/** How a measure of a method's own is shown beyond what its description says. */
export interface MeasurePanel {
  readonly group: Group;
  readonly title?: string;
  /** The sign that formulas have for it. */
  readonly sign?: string;
  /** Values to read the others by. */
  readonly references?: readonly number[];
  /** The measure drawn dotted beside it, which gets no panel of its own. */
  readonly beside?: string;
  /** Measured at single steps: drawn with dots, not smoothed. */
  readonly exact?: boolean;
  /** Of a histogram that is made of few points with weights: how wide each is drawn, in bins (standard deviation). */
  readonly kernel?: number;
  /** Where steps were rejected is marked: this measure counts those of a step, or all of them so far. */
  readonly rejections?: { readonly name: string; readonly soFar: boolean };
}

const ofStep = { name: 'rejections', soFar: false };
const soFar = { name: 'rejected', soFar: true };

/** What a measure that is drawn beside another is called there, where its name does not say it. */
export const besideNames: Readonly<Record<string, string>> = {
  kept: 'iterate taken',
  outputRate: 'of the layer nearest to the outputs',
  'smallest trust ratio': 'smallest',
};

/** Measures that are known by name; all others are shown too, in a group that their name suggests. */
const known: Readonly<Record<string, MeasurePanel>> = {
  lambda: { group: 'Damping and trust', title: 'Damping', sign: 'λ', rejections: soFar },
  damping: { group: 'Damping and trust', title: 'Damping', sign: 'δ', rejections: ofStep },
  radius: { group: 'Damping and trust', title: 'Trust region', sign: 'Δ', rejections: ofStep },
  rho: {
    group: 'Damping and trust',
    title: 'Trust ratio',
    sign: 'ρ',
    references: [0, 1],
    rejections: soFar,
  },
  gainRatio: {
    group: 'Damping and trust',
    title: 'Trust ratio',
    sign: 'ρ',
    references: [0, 1],
    rejections: ofStep,
  },
  actualDecrease: {
    group: 'Damping and trust',
    title: 'Decrease',
    beside: 'predictedDecrease',
    rejections: ofStep,
  },
  tau: {
    group: 'Damping and trust',
    title: 'Best multiple of the last steps',
    sign: 'τ',
    references: [1],
  },
  rejections: { group: 'Damping and trust', title: 'Rejected steps' },
  rejected: { group: 'Damping and trust', title: 'Rejected steps so far' },
  iterations: { group: 'Curvature', title: 'CG iterations', beside: 'kept' },
  residual: { group: 'Curvature', title: 'CG residual', sign: '‖r‖/‖g‖' },
  negativeCurvature: {
    group: 'Curvature',
    title: 'Negative curvature met',
    sign: 'dᵀHd/dᵀd',
    references: [0],
    exact: true,
  },
  largest: { group: 'Curvature', title: 'Largest eigenvalue', sign: 'λ₁' },
  smallest: { group: 'Curvature', title: 'Smallest eigenvalue', sign: 'λₙ', references: [0] },
  conditioning: { group: 'Curvature', title: 'Conditioning of factors', sign: 'κ' },
  pi: { group: 'Curvature', title: 'Damping split', sign: 'π', references: [1] },
  curvature: { group: 'Curvature', sign: 'f″', references: [0] },
  rank: { group: 'Curvature', title: 'Rank of the Jacobian' },
  pairs: { group: 'Curvature', title: 'Secant pairs' },
  bend: { group: 'Step and update', title: 'Geodesic bend' },
  'pair cosine': {
    group: 'Curvature',
    title: 'Cosine of the newest pair',
    sign: 'sᵀy/(‖s‖‖y‖)',
    references: [0],
  },
  rate: { group: 'Step and update', title: 'Learning rate', sign: 'η', beside: 'outputRate' },
  'largest trust ratio': {
    group: 'Step and update',
    title: 'Trust ratio of parameters, largest',
    sign: '‖x‖/‖u‖',
    references: [1],
    beside: 'smallest trust ratio',
  },
  momentum: { group: 'Step and update', sign: 'μ', references: [0] },
  kept: { group: 'Step and update', title: 'Kept by clipping', references: [1] },
  unclipped: { group: 'Step and update', title: 'Unclipped entries', references: [0, 1] },
  kl: { group: 'Step and update', title: 'KL of the update' },
  cosine: {
    group: 'Step and update',
    title: 'Cosine of update and −gradient',
    sign: 'cos θ',
    references: [0],
  },
  updateToWeight: { group: 'Parameters', title: 'Update to weight', sign: '‖Δx‖/‖x‖' },
  signalToNoise: { group: 'Parameters', title: 'Signal to noise of gradients' },
  gradients: { group: 'Parameters' },
  updates: { group: 'Parameters' },
  weights: { group: 'Parameters' },
  // Lanczos answers so many eigenvalues as products were taken: half a decade each joins them to a density.
  density: { group: 'Curvature', title: 'Spectral density', sign: 'λ', kernel: 2 },
  distance: { group: 'Step and update', title: 'Distance to the solution', sign: 'd' },
  stepLength: { group: 'Line search', sign: 'α', references: [1] },
  slope: { group: 'Line search', title: 'Slope along the step', sign: 'gᵀp', references: [0] },
};

/** Words of a name, and the group that they suggest. */
const suggestions: readonly (readonly [RegExp, Group])[] = [
  [/damp|trust|radius|gain|reject|accept|decrease/i, 'Damping and trust'],
  [/eigen|spectr|curvature|condition|kronecker|rank|refresh|factor|hessian|trace/i, 'Curvature'],
  [/update|rate|momentum|clip|cosine|norm|weight|gradient|noise|share/i, 'Step and update'],
  [/search|slope|bracket/i, 'Line search'],
  [/time|millisecond|second|byte|memory/i, 'Every step'],
];

export function measurePanel({ name }: MeasureDescription): MeasurePanel {
  return known[name] ?? { group: suggestions.find(([words]) => words.test(name))?.[1] ?? 'Other measures' };
}
