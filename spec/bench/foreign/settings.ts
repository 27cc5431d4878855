import { findMethod } from '../../../src/index.js';
import { universal } from '../../subjects/claims.js';
import { OptionFixed } from '../../subjects/foreign/misbehaviour.js';
import type { OptimizerSubject } from '../../subjects/subject.js';

/** What a stranger is tried at: short memories and a large ε, then the usual ones and none. */
const settings = [
  {
    learningRate: 0.125,
    beta: 0.5,
    beta1: 0.5,
    beta2: 0.75,
    beta3: 0.75,
    epsilon: 2 ** -10,
    weightDecay: 0.25,
    initial: 0.5,
  },
  {
    learningRate: 1,
    beta: 0.9,
    beta1: 0.9,
    beta2: 0.999,
    beta3: 0.99,
    epsilon: 0,
    weightDecay: 0,
    initial: 0.5,
  },
] as const;

/** These feed gradients of 0 as well, which are 0/0 without an ε. */
const withZeros = [...universal, '6', '7', '9b', '60'];

/**
 * A stranger that claims a method of ours, at two settings of that method's options: where it has no such option, the
 * one it works with stands.
 */
export function settled(
  subject: OptimizerSubject,
  works: Readonly<Record<string, unknown>> = {},
): readonly OptimizerSubject[] {
  const { options: described, defaults } = findMethod(subject.method, 'train');
  return settings.map((setting) => {
    const claims = subject.claims.filter((law) => setting.epsilon > 0 || !withZeros.includes(law));
    const chosen = Object.keys(described).map((name) => [
      name,
      works[name] ?? (setting as Record<string, unknown>)[name] ?? defaults[name],
    ]);
    const fixed = Object.fromEntries(chosen) as Record<string, unknown>;
    const words = Object.entries(fixed)
      .filter(([, value]) => typeof value === 'number')
      .map(([name, value]) => `${name} ${value}`);
    return {
      ...subject,
      claims,
      name: `${subject.name} (${words.join(', ')})`,
      fixed,
      create: (options) => {
        const other = Object.entries(options).find(
          ([name, value]) => value !== undefined && !Object.is(value, fixed[name]),
        );
        if (other !== undefined) throw new OptionFixed(other[0], other[1], fixed[other[0]]);
        return subject.create(fixed);
      },
    };
  });
}
