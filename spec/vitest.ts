import { describe, it } from 'vitest';
import { type CheckOptions, lawOf, tryLaw } from './check.js';
import { explainedLaw } from './explained-law.js';
import { type Said, subjectOfExport } from './subjects/foreign/subject-of-export.js';
import type { Subject } from './subjects/subject.js';

export interface DescribeOptions extends Omit<CheckOptions, 'path'>, Said {
  /** The title, and the name of what has none; default 'optimizer'. */
  readonly name?: string;
}

/**
 * A test per law that an optimizer must obey: those of every optimizer, or with `claims` those of the method it says
 * it is. A broken one fails with the law in words and the smallest example that breaks it.
 *
 * Takes whatever the default export of a module for `fluxion check` may be, and the subjects of fluxion/spec. This
 * is the only file that needs vitest.
 *
 * @throws TypeError, inside the test that then stands alone, where it is none of these; RangeError or TypeError on
 * claims, options or laws that there are none of
 * @example
 * import { describeLaws } from 'fluxion/spec/vitest';
 * import mine from './my-adam.js';
 *
 * describeLaws(mine, { claims: 'adam', options: { learningRate: 1e-3 } });
 */
export function describeLaws(exported: unknown, options: DescribeOptions = {}): void {
  const { name = nameOf(exported), claims, options: stated, laws, ...rest } = options;
  describe(name, async () => {
    const subject = isSubject(exported)
      ? exported
      : await subjectOfExport(exported, name, { claims, options: stated });
    for (const law of (laws ?? subject.claims).map(lawOf)) {
      it(`${law.id} ${law.name}`, ({ skip }) => {
        const report = tryLaw(law, subject, rest);
        if (report.verdict === 'does not apply') skip(report.explanation);
        if (report.verdict !== 'holds') throw new Error(explainedLaw(report).join('\n'));
      });
    }
  });
}

function isSubject(exported: unknown): exported is Subject {
  return exported !== null && typeof exported === 'object' && 'kind' in exported && 'scope' in exported;
}

function nameOf(exported: unknown): string {
  const name = (exported as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' && name !== '' ? name : 'optimizer';
}
