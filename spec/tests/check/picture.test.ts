import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../../dashboard/cli/check/html-report.js';
import { ReportCard } from '../../../dashboard/cli/check/report-card.js';
import { pictureLines } from '../../../dashboard/cli/check/step-picture.js';
import { Braille } from '../../../dashboard/cli/terminal/braille.js';
import { check } from '../../check.js';
import { agreementMutants } from '../../mutants/second-order/agreement.js';
import { stepPicture } from '../../step-picture.js';
import type { SolverSubject } from '../../subjects/subject.js';

describe('pictures of counterexamples', () => {
  it('sets dots, two by four a character', () => {
    const canvas = new Braille(2, 1);
    canvas.line([0, 0], [0, 3]);
    canvas.dot(3, 0);
    canvas.dot(9, 9); // outside
    expect(canvas.lines()).toEqual(['⡇⠈']);
    canvas.letter(3, 3, 'x');
    expect(canvas.lines()).toEqual(['⡇x']);
  });

  it('shows from where to where, and contours', () => {
    const picture = stepPicture(([x, y]) => x * x + y * y, [1, 1], [[0, 0]], [[1, 0]])!;
    const lines = pictureLines(picture);
    const text = lines.join('\n');
    const place = (letter: string) => [
      lines.findIndex((line) => line.includes(letter)),
      [...(lines.find((line) => line.includes(letter)) ?? '')].indexOf(letter),
    ];
    const [[oRow, oColumn], [eRow, eColumn], [gRow, gColumn]] = ['o', 'e', 'g'].map(place);
    expect(oRow).toBeLessThan(eRow);
    expect([gRow, gColumn]).toEqual([eRow, oColumn]);
    expect(eColumn).toBeLessThan(oColumn);
    expect([...text].filter((c) => c > '\u2800' && c <= '\u28ff').length).toBeGreaterThan(100);
  });

  it.each<[string, number[], number[]]>([
    ['one variable', [1], [0]],
    ['a step that is not finite', [1, 1], [Number.NaN, 0]],
    ['nothing that moves', [1, 1], [1, 1]],
  ])('there is none of %s', (_, start, end) => {
    expect(stepPicture(() => 0, start, [end], [end])).toBeUndefined();
  });

  it('stands in the report of a broken law, and the card breaks lines at the width of the terminal', () => {
    const { subject } = agreementMutants.find(({ id }) => id === 'bfgs-gradient-before')!;
    const [law] = check(subject as SolverSubject, { seed: 2, runs: 50, laws: ['A2'] }).laws;
    expect(law.picture).toMatchObject({ across: 88, start: [expect.any(Number), expect.any(Number)] });
    let printed = '';
    const terminal = { isTTY: true, columns: 72, write: (text: string) => void (printed += text) };
    new ReportCard(terminal as never, () => 'fluxion check ./mine.ts --laws A2').found({
      event: 'law',
      ...law,
    });
    expect(printed).toMatch('from o: expected to e, got to g');
    const words = printed.split('\n').filter((line) => !line.includes('again: '));
    expect(Math.max(...words.map((line) => line.length))).toBeLessThanOrEqual(72);
    expect(words.join('\n')).toMatch(/\n {16}Each step is one of those/);
    const findings = [{ event: 'law' as const, ...law }];
    const page = htmlReport({
      subject: { name: 'mine' },
      findings,
      asked: [],
      seconds: 1,
      again: () => 'again',
    });
    expect(page.match(/<figure><svg.*<\/svg>/)![0]).toMatch(/>o<.*>e<.*>g</);
    // Contours, and the two paths from one start.
    const starts = [...page.matchAll(/d="M(\S+ [^L"]+)L/g)].map(([, start]) => start).slice(-2);
    expect(starts[0]).toBe(starts[1]);
  });
});
