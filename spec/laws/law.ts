import fc from 'fast-check';
import type { StepPicture } from '../step-picture.js';
import type { MethodTraits } from '../subjects/method-traits.js';
import type { Subject } from '../subjects/subject.js';
import type { Deviation, ToleranceClass } from './tolerance.js';

/** A law as data: what it says, of whom, how strictly, who said it, and a property that tells whether it holds. */
export interface Law {
  /** Its number in the catalogue. */
  readonly id: string;
  readonly name: string;
  /** One sentence with the formula. */
  readonly statement: string;
  readonly tolerance: ToleranceClass;
  readonly source: string;
  /** The kind of subject it speaks of. */
  readonly kind: Subject['kind'];
  /** What a method must be for the law to speak of it, besides its kind. */
  readonly needs?: readonly (keyof MethodTraits)[];
  /**
   * The law as a fast-check property of this subject; each run reports how near it came to the tolerance. Samples are
   * passed over, untried, while `skip` says so.
   *
   * @throws TypeError for a subject of another kind
   */
  property(subject: Subject, report?: (ratio: number) => void, skip?: () => boolean): fc.IProperty<[unknown]>;
  /** What a sample that breaks it looks like, where it has two variables. */
  picture?(subject: Subject, sample: unknown): StepPicture | undefined;
}

export interface LawDescription<K extends Subject['kind'], V>
  extends Omit<Law, 'property' | 'kind' | 'picture'> {
  readonly kind: K;
  /** What the law is tried on. */
  sample(subject: Extract<Subject, { kind: K }>): fc.Arbitrary<V>;
  /** Every comparison the law makes on one sample. Runs inside the subject's scope. */
  measure(subject: Extract<Subject, { kind: K }>, sample: V): readonly Deviation[];
  picture?(subject: Extract<Subject, { kind: K }>, sample: V): StepPicture | undefined;
}

/** Makes a law of its sample and its measure. */
export function law<K extends Subject['kind'], V>(description: LawDescription<K, V>): Law {
  const { sample, measure, picture, ...stated } = description;
  return {
    ...stated,
    ...(picture && {
      picture: (subject: Subject, value: unknown) =>
        subject.scope(() => picture(subject as Extract<Subject, { kind: K }>, value as V)),
    }),
    property(subject, report, skip) {
      if (subject.kind !== stated.kind) {
        throw new TypeError(
          `law ${stated.id}(subject): expected a subject of kind '${stated.kind}', got '${subject.kind}'`,
        );
      }
      const mine = subject as Extract<Subject, { kind: K }>;
      return fc.property(sample(mine) as fc.Arbitrary<unknown>, (value) => {
        if (skip?.()) return;
        let worst: Deviation | undefined;
        mine.scope(() => {
          worst = furthest(measure(mine, value as V));
        });
        if (worst === undefined) return;
        report?.(worst.ratio);
        if (!(worst.ratio <= 1)) throw new BrokenLaw(stated.id, worst);
      });
    },
  };
}

function furthest(deviations: readonly Deviation[]): Deviation | undefined {
  let worst = deviations[0];
  for (const deviation of deviations) if (!(deviation.ratio <= worst.ratio)) worst = deviation;
  return worst;
}

/** What a broken law throws: the comparison that failed, in words. */
export class BrokenLaw extends Error {
  override readonly name = 'BrokenLaw';

  constructor(
    readonly law: string,
    readonly deviation: Deviation,
  ) {
    const { what, expected, got, ratio } = deviation;
    const beyond = Number.isFinite(ratio) ? `, ${ratio.toPrecision(3)} times what is allowed` : '';
    super(`law ${law}: ${what}: expected ${expected}, got ${got}${beyond}`);
  }
}
