import { describe, expect, it } from 'vitest';
import { chosenMethods } from '../../../dashboard/cli/arguments/chosen-methods.js';
import { Misuse } from '../../../dashboard/cli/arguments/misuse.js';

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

  it('names of variants the options alone that tell them apart', () => {
    const list = 'adam(beta1=0,epsilon=1e-6),adam(beta1=0,epsilon=1e-6,exponent=1),bfgs(fixedStep(0.5)),bfgs';
    expect(chosenMethods(list).map(({ label }) => label)).toEqual([
      'adam',
      'adam(exponent=1)',
      'bfgs(fixedStep(0.5))',
      'bfgs',
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

  it('makes searches and subproblems, by a word, a call, or in the first place', () => {
    const lists = [
      'bfgs(search=strongWolfe(c2=0.5))',
      'bfgs(strongWolfe(c2=0.5))',
      'lineSearchNewton(search=backtracking)',
      'lbfgs(search=fixedStep(0.15),scaled=false,memory=100)',
      'lbfgs(fixedStep(alpha=0.15),scaled=false,memory=100)',
      'trustRegion(subproblem=dogleg)',
      'trustRegion(steihaug())',
      'nonlinearConjugateGradient(hagerZhang(sigma=0.5))',
      'newton(0.8)',
      'dampedNewton(fixedStep(0.8),damping=2)',
      'gaussNewton(stepLength=backtracking)',
    ];
    const [strong, same, newton, lbfgs, alike, dogleg, steihaug, hager, rate, damped, gauss] = lists.map(
      (list) => chosenMethods(list)[0].method.options,
    );
    expect(strong.search).toEqual({ name: 'strongWolfe', c1: 1e-4, c2: 0.5 });
    expect(same).toEqual(strong);
    expect(newton.search).toMatchObject({ name: 'backtracking' });
    expect(lbfgs).toMatchObject({ search: { name: 'fixedStep', alpha: 0.15 }, scaled: false, memory: 100 });
    expect(alike).toEqual(lbfgs);
    expect([dogleg.subproblem, steihaug.subproblem]).toEqual(['dogleg', 'steihaug']);
    expect(hager.search).toMatchObject({ name: 'hagerZhang', sigma: 0.5 });
    expect(rate.learningRate).toBe(0.8);
    expect(damped).toEqual({ damping: 2, search: { name: 'fixedStep', alpha: 0.8 } });
    expect(gauss.stepLength).toBe('backtracking'); // a word of its own here
  });

  it.each([
    ['adma', "did you mean 'adam'?"],
    ['adam(beta3=0.9)', "did you mean 'beta1'?"],
    ['adam(beta2=1.5)', '(beta2): expected a number in [0, 1), got 1.5'],
    ['adam(learningRate=cosin(from=1,steps=2))', "did you mean 'cosine'?"],
    ['adam(learningRate=cosine(form=1,steps=2))', "did you mean 'from'?"],
    ['adam(learningRate=cosine(from=1))', 'cosine(steps): expected a whole number'],
    ['bfsg', "did you mean 'bfgs'?"],
    [
      'bfgs(search=strongwolf)',
      'bfgs(search): expected one of fixedStep, backtracking, strongWolfe, hagerZhang',
    ],
    ['bfgs(search=strongWolfe(c3=1))', "did you mean 'c1'?"],
    ['bfgs(search=strongWolfe(c2=2))', 'strongWolfe(c2): expected a number in (0, 1), got 2'],
    ['bfgs(search=cosine(from=1,steps=2))', 'bfgs(search): expected one of fixedStep'],
    ['bfgs(search=0.2)', 'bfgs(search): expected a line search such as strongWolfe(), got 0.2'],
    ['bfgs(guard=exact())', "bfgs(guard): expected 'skip' or 'damp' or 'none', got exact()"],
    ['trustRegion(subproblem=doglge)', "did you mean 'dogleg'?"],
    ['trustRegion(dogleg(2))', 'dogleg: expected no options'],
    ['guardedNewton(1)', 'guardedNewton: expected no options'],
    ['newton(0.8,learningRate=1)', "newton: 'learningRate' is given twice"],
    ['adam(learningRate=fast)', "got 'fast'"],
  ])('refuses %s as a mistake of the user', (list, message) => {
    expect(() => chosenMethods(list)).toThrow(Misuse);
    expect(() => chosenMethods(list)).toThrow(message);
  });
});
