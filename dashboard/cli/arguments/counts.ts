import { Option as Flag } from 'commander';
import { number, type Option, shownDefault, whole } from '../../../src/algebra/option.js';
import { blamingInput } from './misuse.js';

/** The options of the command line that are numbers. What is left out is decided where it is used. */
export const counts = {
  steps: whole(undefined as never, '[1, ∞)', 'the most steps each method takes'),
  seed: whole(1, '(-∞, ∞)', 'the same seed, the same start and batches'),
  seeds: whole(undefined as never, '[2, ∞)', 'races under so many seeds, from --seed on, and compares'),
  target: number(
    undefined as never,
    '(-∞, ∞)',
    'notes the steps to this training loss, smoothed, or to this value',
  ),
  batch: whole(128, '[1, ∞)', 'examples in a batch'),
  port: whole(
    undefined as never,
    '[0, 65535]',
    'the port of the dashboard; any that is free where it is left out',
  ),
};

/** Those of `fluxion check`. */
export const checkCounts = {
  seed: whole(1, '(-∞, ∞)', 'decides the samples'),
  runs: whole(100, '[1, ∞)', 'samples a law, fewer where it is slow'),
};

/** Those of `fluxion mutants`. */
export const mutantCounts = {
  seed: whole(1, '(-∞, ∞)', 'decides the samples'),
  runs: whole(200, '[1, ∞)', 'samples within which a law must find the mistake'),
};

/** A described number as a flag of the command line, `--seed <number>`, read, checked and shown by its description. */
export function flagOf(flags: string, option: Option<number>): Flag {
  const known = shownDefault(option.default);
  const shown = known === '' ? option.meaning : `${option.meaning} (default: ${known})`;
  const [name] = flags.split(' ');
  return new Flag(flags, shown).argParser((text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    blamingInput(() => option.check('fluxion', name, Number.isNaN(value) ? text : value));
    return value;
  });
}
