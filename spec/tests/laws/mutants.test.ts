import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adam, float64 } from '../../../src/index.js';
import { chain, learningRate, scaleByMoments, weightDecay } from '../../../src/transforms/index.js';
import { check } from '../../check.js';
import { type Finding, findMistake } from '../../gallery.js';
import { catalogue } from '../../laws/catalogue.js';
import { clipAndScale, negatives } from '../../laws/negatives.js';
import { type Mutant, mutants } from '../../mutants/index.js';
import { seed } from '../../seed.js';
import { subjectOf } from '../../subjects/adapt.js';
import { ourComposition, ourOptimizers } from '../../subjects/ours.js';
import { mutantsPage } from './mutants-page.js';

/** Samples within which a law must find the mistake it is there for. */
const runs = 200;

const found = new Map<Mutant, Finding>();
function finding(mutant: Mutant): Finding {
  if (!found.has(mutant)) found.set(mutant, findMistake(mutant, { seed, runs }));
  return found.get(mutant)!;
}

describe('every known mistake is found by its law', () => {
  it.each(mutants.map((mutant) => [mutant.id, mutant] as const))('%s', (_, mutant) => {
    const { id, killedBy, subject, mistake } = mutant;
    const { verdict, law } = finding(mutant);
    expect(law.verdict, `law ${killedBy} did not see in ${runs} samples: ${mistake}`).toBe('broken');
    expect(verdict, `it must be the law that is broken, not the mutant: ${law.explanation}`).toBe('killed');
    expect(law.counterexample).toBeDefined();
    const again = check(subject, { ...law.replay, runs: 1, laws: [killedBy] }).laws[0];
    // What a generator of its own or an earlier run decides is not the same again.
    const decided = mistake !== 'It draws from a generator that no seed of its own controls.';
    if (decided && !['U6', 'U6b'].includes(killedBy) && id !== 'shared-default-state') {
      expect(again.explanation, 'the replay shows the same counterexample').toBe(law.explanation);
    }
  });

  // Renewed by `npx vitest run spec/tests/laws/mutants.test.ts --update`.
  it('is a page of the docs', async () => {
    await expect(mutantsPage(mutants.map(finding), seed)).toMatchFileSnapshot('../../../docs/mutants.md');
  });

  it('has a mutant for every law, under a name of its own', () => {
    const killers = new Set(mutants.map(({ killedBy }) => killedBy));
    expect(catalogue.map(({ id }) => id).filter((id) => !killers.has(id))).toEqual([]);
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  });
});

describe('laws have boundaries: right methods that do not claim a law are seen to break it', () => {
  const penalised = subjectOf(float64, 'adamWithPenalty', (options) => {
    const { learningRate: eta, weightDecay: lambda } = options as {
      learningRate: number;
      weightDecay: number;
    };
    return chain(weightDecay(lambda), scaleByMoments(), learningRate(eta));
  });
  /** Adam, deaf to the options of matrix methods. */
  const plain = subjectOf(float64, 'adamAsItComes', () => adam());
  const subjects = [...ourOptimizers(float64), penalised, plain];

  it.each(negatives.map((negative) => [negative.law, negative.method, negative] as const))(
    'law %s is not true of %s',
    (_, name, { law: id, why }) => {
      const subject = subjects.find(({ method }) => method === name)!;
      const [law] = check(subject, { seed, runs, laws: [id] }).laws;
      expect(law.verdict, why).toBe('broken');
      expect(law.explanation).toMatch(`law ${id}: `);
    },
  );

  it('law 62 is not true of a clip and a scale', () => {
    const property = clipAndScale.property(ourComposition(float64));
    const { failed, errorInstance } = fc.check(property, { seed, numRuns: runs });
    expect(failed).toBe(true);
    expect(String(errorInstance)).toMatch('law 62: ');
  });
});
