import { shown } from '../algebra/argument.js';
import type { Option } from '../algebra/option.js';
import type { LineSearch } from '../search/line-search.js';

/** A line search as an option: `strongWolfe({ c2: 0.5 })` in code and `strongWolfe(c2=0.5)` on the command line. */
export function searchOption(value: LineSearch): Option<LineSearch> {
  return {
    default: value,
    domain: 'fixedStep, backtracking, strongWolfe or hagerZhang',
    meaning: 'how far to go along the direction',
    check(where, argument, given) {
      // A string has a method of that name too.
      if (typeof given === 'object' && typeof (given as LineSearch | null)?.search === 'function') return;
      throw new TypeError(
        `${where}(${argument}): expected a line search such as strongWolfe(), got ${shown(given)}`,
      );
    },
  };
}
