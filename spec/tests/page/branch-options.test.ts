import { describe, expect, test } from 'vitest';
import { adjustedMethod, adjustedText } from '../../../dashboard/cli/arguments/adjusted-method.js';
import { branchOptions, changesTyped } from '../../../dashboard/page/src/data/branch-options.js';

const asked = 'adam(learningRate=cosine(from=0.1,steps=500))';
const { name, options } = adjustedMethod(asked, {});
const shown = branchOptions({ name, label: name, options, operators: [] });
const typed = (changed: Record<string, string>) =>
  changesTyped(shown, (option) => changed[option] ?? String(new Map(shown).get(option)));

describe('the options of a branch', () => {
  test('are shown as they are typed, a schedule too, and are no changes as they stand', () => {
    expect(new Map(shown).get('learningRate')).toBe('cosine(from=0.1,to=0,steps=500)');
    expect(new Map(shown).get('beta1')).toBe(0.9);
    expect(typed({})).toEqual({});
  });

  test('make a schedule of a schedule, a number of one, and one of a number', () => {
    const other = typed({ learningRate: 'cosine(from=0.2, steps=100)' });
    expect(adjustedText(asked, other)).toBe('adam(learningRate=cosine(from=0.2,steps=100))');
    expect(adjustedMethod(asked, other).options.learningRate).toMatchObject({ from: 0.2, steps: 100 });
    expect(adjustedText(asked, typed({ learningRate: '0.01' }))).toBe('adam(learningRate=0.01)');
    const plain = changesTyped([['learningRate', 0.1]], () => 'cosine(from=0.1,steps=9)');
    expect(adjustedText('adam(0.1)', plain)).toBe('adam(learningRate=cosine(from=0.1,steps=9))');
  });

  test('are refused where they are no numbers, or reach beyond their brackets', () => {
    expect(() => typed({ beta1: 'much' })).toThrow(/beta1: expected a number/);
    expect(() => typed({ beta1: '' })).toThrow(/beta1: expected a number/);
    expect(() => adjustedText(asked, { learningRate: 'cosine(from=1),sgd(0.1)' })).toThrow(
      /learningRate: expected .*the end/,
    );
  });
});
