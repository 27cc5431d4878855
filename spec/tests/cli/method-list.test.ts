import { describe, expect, it } from 'vitest';
import { parseMethods } from '../../../dashboard/cli/arguments/method-list.js';

describe('parseMethods', () => {
  it('reads names, options and nested calls', () => {
    const text =
      'gradientDescent(learningRate=0.1), adam( beta2 = .999 , learningRate=cosine(from=1e-2,steps=500) )';
    expect(parseMethods(text)).toEqual([
      { name: 'gradientDescent', options: { learningRate: 0.1 }, text: 'gradientDescent(learningRate=0.1)' },
      {
        name: 'adam',
        options: {
          beta2: 0.999,
          learningRate: {
            name: 'cosine',
            options: { from: 0.01, steps: 500 },
            text: 'cosine(from=1e-2,steps=500)',
          },
        },
        text: 'adam(beta2=.999,learningRate=cosine(from=1e-2,steps=500))',
      },
    ]);
  });

  it('reads signs, words and truth values', () => {
    const [{ options }] = parseMethods('a(x=-3,y=+2.5e1,word=inside,yes=true,no=false)');
    expect(options).toEqual({ x: -3, y: 25, word: 'inside', yes: true, no: false });
  });

  it('reads a first value without a name where it is a number or a call', () => {
    expect(parseMethods('bfgs(fixedStep(0.15), scaled=false),newton( .8 ),lbfgs(strongWolfe())')).toEqual([
      {
        name: 'bfgs',
        argument: { name: 'fixedStep', argument: 0.15, options: {}, text: 'fixedStep(0.15)' },
        options: { scaled: false },
        text: 'bfgs(fixedStep(0.15),scaled=false)',
      },
      { name: 'newton', argument: 0.8, options: {}, text: 'newton(.8)' },
      {
        name: 'lbfgs',
        argument: { name: 'strongWolfe', options: {}, text: 'strongWolfe()' },
        options: {},
        text: 'lbfgs(strongWolfe())',
      },
    ]);
  });

  it.each([
    ['', 'expected a method at character 1, got the end'],
    ['adam,', 'expected a method at character 6, got the end'],
    ['adam(', 'expected an option of adam'],
    ['adam(beta1)', "expected '=' and a value after 'beta1'"],
    ['adam(beta1=)', "expected a value for 'beta1'"],
    ['adam(beta1=0.9', "expected ',' or ')' in the options of adam at character 15, got the end"],
    ['bfgs(fixedStep(1)', "expected ',' or ')' in the options of bfgs"],
    ['bfgs(fixedStep(1) 2)', "expected ',' or ')' in the options of bfgs"],
    ['fixedStep(1,2)', 'expected an option of fixedStep'],
    ['adam)', "expected ',' or the end at character 5, got ')'"],
    ['adam(beta1=0.9,beta1=0.8)', "adam is given 'beta1' twice"],
  ])('says where %j makes no sense', (text, message) => {
    expect(() => parseMethods(text)).toThrow(message);
  });
});
