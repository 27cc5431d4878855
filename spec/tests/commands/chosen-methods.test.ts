import { describe, expect, it } from 'vitest';
import { chosenMethods } from '../../../dashboard/commands/chosen-methods.js';
import { Misuse } from '../../../dashboard/commands/misuse.js';

describe('chosenMethods', () => {
  it('makes methods with their options, labelled by name', () => {
    const [descent, adam] = chosenMethods('sgd(learningRate=0.25),adam');
    expect(descent.label).toBe('gradientDescent');
    expect(descent.method.options).toEqual({ learningRate: 0.25 });
    expect(adam.label).toBe('adam');
  });

  it('tells variants of one method apart', () => {
    const list = 'adam(beta1=0.8),adam,rmsprop,adam,adam(beta1=0.8)';
    expect(chosenMethods(list).map(({ label }) => label)).toEqual([
      'adam(beta1=0.8)',
      'adam',
      'rmsprop',
      'adam 2',
      'adam(beta1=0.8) 2',
    ]);
  });

  it('makes schedules of nested calls', () => {
    const list = 'adam(learningRate=linearWarmup(steps=10,schedule=cosine(from=0.01,steps=500)))';
    expect(chosenMethods(list)[0].method.options.learningRate).toEqual({
      schedule: 'linearWarmup',
      steps: 10,
      into: { schedule: 'cosine', from: 0.01, to: 0, steps: 500 },
    });
  });

  it.each([
    ['adan', "did you mean 'adam'?"],
    ['adam(beta3=0.9)', "did you mean 'beta1'?"],
    ['adam(beta2=1.5)', '(beta2): expected a number in [0, 1), got 1.5'],
    ['adam(learningRate=cosin(from=1,steps=2))', "did you mean 'cosine'?"],
    ['adam(learningRate=cosine(form=1,steps=2))', "did you mean 'from'?"],
    ['adam(learningRate=cosine(from=1))', 'cosine(steps): expected a whole number'],
    ['adam(learningRate=fast)', "got 'fast'"],
  ])('refuses %s as a mistake of the user', (list, message) => {
    expect(() => chosenMethods(list)).toThrow(Misuse);
    expect(() => chosenMethods(list)).toThrow(message);
  });
});
