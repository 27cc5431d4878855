/** What may be drawn at a step, beside the paths. */
export const shows = ['model', 'trials', 'region', 'damping', 'learnt'] as const;
export type Show = (typeof shows)[number];

/** What the page is about: a function, a start, methods, and what is drawn. */
export interface Setting {
  /** As `subjectOf` reads it. */
  readonly f: string;
  readonly start: readonly number[];
  /** As typed after `fluxion race --methods`. */
  readonly methods: string;
  readonly shows: readonly Show[];
  /** The step looked at first. */
  readonly step: number;
  /** The most steps of each method. */
  readonly limit: number;
}

/** A setting with three sentences that say what to look at. */
export interface Lesson extends Setting {
  /** One word, as it stands in the address. */
  readonly id: string;
  readonly title: string;
  /** What the list calls it, in one or two words. */
  readonly short: string;
  readonly text: string;
}

export const lessons: readonly Lesson[] = [
  {
    id: 'model',
    title: "Newton's step is the minimum of a model",
    short: 'The model',
    text:
      'At each point Newton replaces f by the quadratic that has the same value, slope and curvature there: the ' +
      'dashed ellipses. Their centre is where the step goes, in one leap, however far. Step forward, zoom in with +, ' +
      'and see the ellipses fit the contours better and better as the steps get short.',
    f: 'himmelblau',
    start: [4.8, 4],
    methods: 'newton',
    shows: ['model'],
    step: 0,
    limit: 30,
  },
  {
    id: 'overshoot',
    title: 'Why Newton overshoots',
    short: 'Overshooting',
    text:
      'Across the middle this quartic is almost flat in y, so that the model is a long, shallow valley with its ' +
      'minimum far away. Newton believes it: compare what the model promised with what f did. Drag the start up to ' +
      'y = 0, and the first leap becomes several times as long.',
    f: 'quartic',
    start: [-0.9, -0.1],
    methods: 'newton',
    shows: ['model'],
    step: 0,
    limit: 30,
  },
  {
    id: 'damping',
    title: 'What damping does',
    short: 'Damping',
    text:
      'Adding λ to every curvature shortens the step, most where the curvature is small, and turns it from ' +
      "Newton's towards the gradient's. The curve shows where the step ends for every λ: move the slider and watch " +
      'it slide. Too little still overshoots, too much crawls.',
    f: 'quartic',
    start: [-0.9, -0.1],
    methods: 'dampedNewton(damping=1),newton',
    shows: ['model', 'damping'],
    step: 0,
    limit: 40,
  },
  {
    id: 'saddle',
    title: 'At a saddle',
    short: 'Saddles',
    text:
      'Here the curvature along y is negative: the model has no minimum, its contours are hyperbolas, and Newton ' +
      'walks to the saddle and stays. Taking absolute values of the curvatures turns that part of the step round. A ' +
      'trust region needs no such trick: within a circle every model has a lowest point.',
    f: 'saddle',
    start: [1, 0.25],
    methods: 'newton,absoluteNewton,trustRegion',
    shows: ['model', 'region'],
    step: 0,
    limit: 30,
  },
  {
    id: 'search',
    title: 'How far along the line',
    short: 'Line search',
    text:
      "A line search keeps Newton's direction and asks how far: crosses are points it tried and refused because f " +
      'had not fallen enough there. Backtracking starts with the full step and cuts it to between a tenth and a half, ' +
      'until f falls. Where the model is good, near the end, the first trial is taken each time.',
    f: 'quartic',
    start: [-0.9, -0.1],
    methods: 'lineSearchNewton,newton',
    shows: ['model', 'trials'],
    step: 0,
    limit: 60,
  },
  {
    id: 'region',
    title: 'How a trust region grows and shrinks',
    short: 'Trust region',
    text:
      'The step is the lowest point of the model within the circle. When f falls nearly as promised and the step ' +
      'reached the edge, the radius doubles; when f falls by less than a quarter of the promise, it shrinks, and a ' +
      'trial that raises f is refused: its circle is dashed. Play it, and see the circle follow the bend of the valley.',
    f: 'rosenbrock',
    start: [-1.2, 1],
    methods: 'trustRegion(initialRadius=0.5)',
    shows: ['model', 'trials', 'region'],
    step: 0,
    limit: 60,
  },
  {
    id: 'learning',
    title: 'Where BFGS learns the curvature',
    short: 'BFGS',
    text:
      'BFGS sees gradients alone, and begins with a circle for the curvature. Each step teaches it the curvature ' +
      'along that step: its ellipse (dashed) turns and narrows towards the true one (solid). By the time it arrives ' +
      'the two are nearly one, and its last steps are as good as Newton’s.',
    f: 'booth',
    start: [-6, 2],
    methods: 'bfgs',
    shows: ['learnt'],
    step: 0,
    limit: 60,
  },
  {
    id: 'scales',
    title: 'Two scales, and why curvature helps',
    short: 'Two scales',
    text:
      'One direction of this bowl is curved fifty times as much as the other. Gradient descent must take steps short ' +
      'enough for the curved one, and crawls along the other; momentum helps, Adam rescales each axis. Newton needs ' +
      'one step, BFGS a few: raise the condition and see who notices.',
    f: 'quadratic(condition=50)',
    start: [1.4, 1.2],
    methods:
      'gradientDescent(learningRate=0.03),momentum(learningRate=0.02),adam(learningRate=0.1),bfgs,newton',
    shows: ['model'],
    step: 1,
    limit: 100,
  },
  {
    id: 'cycle',
    title: 'One variable: to and fro for ever',
    short: 'Cycling',
    text:
      'Newton fits a parabola and goes to its bottom; below, the same step seen as a tangent to f′, followed to ' +
      'zero. From 1 it jumps to −1 and back for ever, though this curve is convex everywhere. Drag the start: a ' +
      'little inside it soon arrives, a little outside each leap is longer than the last.',
    f: 'sqrt(1 + x^2)',
    start: [1],
    methods: 'univariateNewton',
    shows: ['model'],
    step: 0,
    limit: 20,
  },
  {
    id: 'wrong-way',
    title: 'One variable: to a maximum',
    short: 'Uphill',
    text:
      'Where f″ is negative the parabola opens downwards, and Newton climbs to its top: it seeks f′ = 0 and cannot ' +
      'tell a maximum from a minimum. The guarded form takes |f″|, halves steps that do not descend, and keeps a ' +
      'bracket. Drag the start to either side of 0.577, where the curvature changes sign.',
    f: 'x^4/4 - x^2/2',
    start: [0.4],
    methods: 'newton,guardedNewton',
    shows: ['model'],
    step: 0,
    limit: 20,
  },
  {
    id: 'secant',
    title: 'One variable: curvature from two slopes',
    short: 'Secant',
    text:
      'The secant method draws its parabola through the last two slopes and never asks for f″. It needs a few more ' +
      'steps than Newton, each at the price of one gradient: the digits grow by a factor of 1.6 a step instead of ' +
      '2. The strip below shows it: both curves bend downwards.',
    f: 'exp(x) - 2x',
    start: [2.2],
    methods: 'univariateNewton,secant(offset=0.5)',
    shows: ['model'],
    step: 0,
    limit: 30,
  },
  {
    id: 'play',
    title: 'Free play',
    short: 'Free play',
    text:
      'Choose a function or type one, click on the contours to start there, and pick methods. Everything is in the ' +
      'address: send it, and others see what you see. Keys: → and ← step, space plays, Home returns to the start.',
    f: 'x^2 + 3y^4 - x*y + sin(3x)/2',
    start: [-2, 1.6],
    methods: 'newton,bfgs,trustRegion',
    shows: ['model', 'trials', 'region'],
    step: 0,
    limit: 60,
  },
];

/** The lesson of an id; the first one where there is none. */
export function lessonOf(id: string): Lesson {
  return lessons.find((lesson) => lesson.id === id) ?? lessons[0];
}
