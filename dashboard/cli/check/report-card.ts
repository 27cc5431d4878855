import {
  explainedLaw,
  type Finding,
  type LawReport,
  type Likeness,
  shownSample,
} from '../../../spec/index.js';
import { fitted, wrapped } from '../terminal/fitted.js';
import type { Terminal } from '../terminal/live-lines.js';
import type { Described } from './messages.js';
import { pictureLines } from './step-picture.js';

/** The findings of a check as a person reads them, each as soon as it is there. */
export class ReportCard {
  readonly #terminal: Terminal;
  readonly #again: (id: string, replay?: LawReport['replay']) => string;
  #done = 0;
  #of = 0;
  #waiting = false;
  #section = '';
  /** Undecided ones, one after the other, that are told together. */
  #undecided: Tried[] = [];

  /** @param again the command that shows a finding again */
  constructor(terminal: Terminal, again: (id: string, replay?: LawReport['replay']) => string) {
    this.#terminal = terminal;
    this.#again = again;
  }

  subject({ name, claims, options = {} }: Described, agenda: readonly string[]): void {
    this.#of = agenda.length;
    const said = claims === undefined ? '' : ` says it is ${called(claims, options)}`;
    this.#write(`${name}${said}\n`);
  }

  /** Shows what is being tried, where a person looks on. */
  begins(id: string): void {
    if (!this.#terminal.isTTY) return;
    const line = `  … ${this.#done}/${this.#of}  ${id}`;
    this.#terminal.write(`\r${fitted(line, (this.#terminal.columns ?? 80) - 1)}\x1b[K`);
    this.#waiting = true;
  }

  found(finding: Finding): void {
    this.#done++;
    if (finding.event === 'path') return; // for pictures
    if ('verdict' in finding && finding.verdict === 'undecided') {
      if (this.#undecided.at(-1)?.event !== finding.event) this.#tellUndecided();
      this.#undecided.push(finding);
      return;
    }
    this.#tellUndecided();
    if (finding.event === 'law') this.#under('', lawLines(finding, this.#again(finding.id, finding.replay)));
    else if (finding.event === 'trait') this.#under(aboveTraits, traitLines(finding));
    else if (finding.alike.length > 0) this.#under('', ['', ...likenessLines(finding.alike)]);
    else this.#under('', ['', '  It behaves like no method that is known here.']);
  }

  /** The last lines. */
  end(reports: readonly LawReport[], asked: readonly string[], seconds: number): void {
    this.#tellUndecided();
    for (const one of asked) this.#write(`\n  note  It asks ${one}.`);
    const count = (verdict: LawReport['verdict']) => reports.filter((law) => law.verdict === verdict).length;
    const [broken, held, undecided] = [count('broken'), count('holds'), count('undecided')];
    const laws = (n: number) => `${n} law${n === 1 ? '' : 's'}`;
    const parts = [
      ...(broken > 0 ? [`${laws(broken)} broken`] : []),
      `${laws(held)} held`,
      ...(undecided > 0 ? [`${undecided} undecided`] : []),
    ];
    this.#write(`\n${parts.join(', ')}, in ${seconds.toFixed(1)} s.`);
  }

  #tellUndecided(): void {
    const [first, ...others] = this.#undecided;
    this.#undecided = [];
    if (first === undefined) return;
    const lines = first.event === 'law' ? lawLines(first, '') : traitLines(first);
    this.#under(
      first.event === 'law' ? '' : aboveTraits,
      others.length === 0 ? lines : [together(first, others)],
    );
  }

  #under(section: string, lines: readonly string[]): void {
    if (section !== this.#section) {
      this.#section = section;
      if (section !== '') this.#write(section);
    }
    for (const line of lines) this.#write(line);
  }

  #write(line: string): void {
    const clear = this.#waiting ? '\r\x1b[K' : '';
    this.#waiting = false;
    const { isTTY, columns = 80 } = this.#terminal;
    // A command to be copied stays whole.
    const shown = isTTY && !line.includes('again: ') ? wrapped(line, columns) : line;
    this.#terminal.write(`${clear}${shown}\n`);
  }
}

type Tried = Extract<Finding, { readonly event: 'law' | 'trait' }>;

const aboveTraits = '\nTraits, each seen in so many runs or refuted by an example:';

/** What is undecided for one reason, in a line. */
function together(first: Tried, others: readonly Tried[]): string {
  const all = [first, ...others];
  const reasons = [
    ({ explanation = '' }: Tried) => explanation,
    ({ explanation = '' }: Tried) => explanation.replace(/ for x = .*/, ''), // each on a sample of its own
  ];
  const same = reasons.find((reason) => all.every((one) => reason(one) === reason(first)));
  const mark = first.event === 'law' ? marks.undecided : '?  ';
  const why = same?.(first) ?? `${first.explanation}, and the like`;
  return `  ${mark}  ${all.map(({ id }) => id).join(', ')}: ${why}`;
}

const marks = { holds: 'holds ', broken: 'BROKEN', 'does not apply': '–     ', undecided: '?     ' } as const;

function lawLines(law: LawReport, again: string): string[] {
  const { id, name, verdict, runs, explanation, picture } = law;
  const head = `  ${marks[verdict]}  ${id.padEnd(4)} ${name}`;
  if (verdict === 'holds') return [`${head}  (${runs} runs)`];
  if (verdict !== 'broken') return [`${head}: ${explanation ?? 'it does not apply'}`];
  const drawn = picture === undefined ? [] : pictureLines(picture);
  return [
    head,
    ...[...explainedLaw(law), ...drawn, `again: ${again}`].map((line) => `                ${line}`),
  ];
}

function traitLines(trait: LawReport): string[] {
  const { id, name, verdict, runs, counterexample, deviation, explanation } = trait;
  if (verdict === 'holds') return [`  yes  ${name}  (${id}, ${runs} runs)`];
  if (verdict !== 'broken') return [`  ?    ${name}  (${id}): ${explanation}`];
  const { what, expected, got } = deviation ?? { what: explanation, expected: undefined, got: undefined };
  const why = expected === undefined ? what : `${what} is ${got} and not ${expected}`;
  return [`  no   ${name}  (${id})`, `         ${why}, on ${shownSample(counterexample ?? '')}`];
}

/** Which known methods a subject behaves like, a line each. */
export function likenessLines(alike: readonly Likeness[]): string[] {
  return alike.map(({ method, options, agrees, turned, steps, of, deviation }) => {
    const name = `${called(method, options)}${turned ? ' with the opposite sign' : ''}`;
    if (agrees === 'exactly') return `  It behaves like ${name}, step for step.`;
    const apart = deviation < 1e-3 ? deviation.toExponential(0) : `${(100 * deviation).toPrecision(2)} %`;
    if (agrees === 'nearly') return `  It behaves nearly like ${name}: within ${apart} of each step.`;
    return `  It behaves like ${name} in the first ${steps} of ${of} steps, and then differs by ${apart}.`;
  });
}

/** A method with options as it would be typed. */
export function called(method: string, options: Readonly<Record<string, unknown>>): string {
  const plain = Object.entries(options).filter(([, value]) => value === null || typeof value !== 'function');
  if (plain.length === 0) return method;
  return `${method}(${plain.map(([name, value]) => `${name}=${value}`).join(', ')})`;
}
