import fc from 'fast-check';
import { invalidOptions, validOptions } from '../arbitraries/described-options.js';
import { law } from './law.js';
import type { Deviation } from './tolerance.js';

export const optionsRefused = law({
  id: 'O1',
  name: 'wrong options are refused',
  statement:
    'An option outside what its description allows, or one that is not described, is a RangeError or TypeError that names it.',
  tolerance: 'B',
  source: 'the contract of every factory',
  kind: 'factory',
  sample: ({ factory }) => invalidOptions(factory),
  measure({ factory }, { options, argument }) {
    const wanted = `${factory.name}(${argument}): expected`;
    return [
      compare(
        'the error',
        messageOf(() => factory.create(options)),
        (got) => got.startsWith(wanted),
        `${wanted} …`,
      ),
    ];
  },
});

export const optionsTaken = law({
  id: 'O2',
  name: 'right options are taken',
  statement:
    'Options within what their descriptions allow are taken as they are, and what is undefined counts as not given.',
  tolerance: 'B',
  source: 'the contract of every factory',
  kind: 'factory',
  sample: ({ factory }) => validOptions(factory),
  measure({ factory, shown }, options) {
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const [all, some] = [options, given].map((chosen) => {
      let made: unknown;
      const message = messageOf(() => (made = factory.create(chosen)));
      return message === '' ? fc.stringify(shown(made)) : message;
    });
    return [compare('what is made', all, (got) => got === some && !got.includes('): expected'), some)];
  },
});

function messageOf(make: () => unknown): string {
  try {
    make();
    return '';
  } catch (error) {
    return error instanceof RangeError || error instanceof TypeError ? error.message : `not misuse: ${error}`;
  }
}

function compare(what: string, got: string, fits: (got: string) => boolean, expected: string): Deviation {
  return { ratio: fits(got) ? 0 : Number.POSITIVE_INFINITY, what, expected, got };
}

export const optionLaws = [optionsRefused, optionsTaken];
