import { nearestName } from '../../../../src/algebra/nearest-name.js';
import { chosen, type Option } from '../../../../src/algebra/option.js';
import { ExpressionError } from '../../../../src/problems/expression/syntax.js';
import {
  fromExpression,
  functions,
  type Minimum,
  type TestFunction,
} from '../../../../src/problems/index.js';
import { made } from '../../../cli/arguments/made.js';
import { type Call, parseCall } from '../../../cli/arguments/method-list.js';
import { Misuse } from '../../../cli/arguments/misuse.js';
import type { Window } from '../../../plot/window.js';

/** The function under study. */
export interface Subject {
  /** As it stands in the address: `rosenbrock`, `quadratic(condition=100)`, or what was typed. */
  readonly text: string;
  readonly definition: TestFunction;
  /** How many variables it has. */
  readonly n: 1 | 2;
  /** The part of the plane looked at first; of one variable, the part of the line, from x0 to x1. */
  readonly view: Window;
  readonly minima: readonly Minimum[];
  /** Options of a function by name, and what is given for them. */
  readonly options: Readonly<Record<string, Option<unknown>>>;
  readonly given: Call['options'];
}

type Corners = readonly [x0: number, x1: number, y0: number, y1: number];

/** Functions of two variables by name, and where to look at them. */
const planes: ReadonlyMap<string, Corners> = new Map([
  ['quartic', [-1.5, 1.6, -1, 1]],
  ['rosenbrock', [-2, 2, -1, 2]],
  ['himmelblau', [-6, 6, -5, 5]],
  ['booth', [-7, 10, -5, 9]],
  ['beale', [-1, 4.5, -2, 2]],
  ['saddle', [-2, 2, -1.5, 1.5]],
  ['quadratic', [-2, 2, -1.5, 1.5]],
  ['branin', [-5, 10, 0, 15]],
  ['threeHumpCamel', [-2.6, 2.6, -2.2, 2.2]],
  ['sixHumpCamel', [-2.2, 2.2, -1.5, 1.5]],
  ['styblinskiTang', [-4.5, 4.5, -4, 4]],
  ['goldsteinPrice', [-2, 2, -2.2, 1.2]],
  ['zakharov', [-6, 6, -4, 6]],
  ['trid', [-4, 6, -3, 5]],
]);
/** Those that have any number of variables are taken with two. */
const plane = { n: 2 };

/** Functions of one variable: as typed, and where to look at them. */
const lines: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['sqrt(1 + x^2)', [-3, 3]],
  ['log(cosh(x))', [-3, 3]],
  ['x^4/4 - x^2/2', [-1.8, 1.8]],
  ['x^4', [-1.6, 1.6]],
  ['exp(x) - 2x', [-2, 3]],
  ['x - log(x)', [-0.5, 5]],
  ['x^2/10 + cos(2x)', [-6, 6]],
]);

/** What a list to choose from offers, by the number of variables. */
export const offered = { planes: [...planes.keys()], lines: [...lines.keys()] };

const reach = 3;

/**
 * The function that a text names or spells.
 *
 * @throws ExpressionError, RangeError, TypeError or Misuse in words
 */
export function subjectOf(text: string): Subject {
  const name = /^\s*([A-Za-z]\w*)\s*(\(.*\))?\s*$/.exec(text)?.[1];
  const entry = name === undefined ? undefined : functions.get(name);
  if (entry === undefined) return typed(text);
  const call = parseCall(text, 'f');
  const fixed: Call['options'] = 'n' in entry.options ? { n: plane.n } : {};
  const definition = made({ ...call, options: { ...call.options, ...fixed } }, entry);
  const n = definition.start.length;
  if (n !== 1 && n !== 2) {
    throw new Misuse(`f: expected a function of one or two variables, got ${call.name}, which has ${n}`);
  }
  const { n: _, ...options } = entry.options;
  return {
    text: call.text,
    definition,
    n,
    view: corners(planes.get(call.name) ?? around(definition.start)),
    minima: definition.minima ?? (definition.minimum === undefined ? [] : [definition.minimum]),
    options,
    given: chosen(call.name, options, call.options as object) as Call['options'],
  };
}

function typed(text: string): Subject {
  let definition: TestFunction;
  try {
    definition = fromExpression(text);
  } catch (error) {
    const near = /^\s*\w{4,}\s*$/.test(text) ? nearestName(text.trim(), functions.keys()) : undefined;
    if (near === undefined || !(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(
      `expected a function by its name or a formula; is ${near} meant?`,
      error.position,
    );
  }
  const n = definition.start.length as 1 | 2;
  const line = lines.get(text.trim());
  const view = line === undefined ? ([-reach, reach, -reach, reach] as const) : ([...line, ...line] as const);
  return { text: text.trim(), definition, n, view: corners(view), minima: [], options: {}, given: {} };
}

function corners([x0, x1, y0, y1]: Corners): Window {
  return { x0, x1, y0, y1 };
}

function around(start: ArrayLike<number>): Corners {
  const [x, y] = [start[0]!, start[start.length - 1]!];
  const half = reach * Math.max(1, Math.abs(x), Math.abs(y));
  return [x - half, x + half, y - half, y + half];
}
