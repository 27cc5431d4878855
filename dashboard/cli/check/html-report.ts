import { explainedLaw, type Finding, type LawReport, shownSample } from '../../../spec/index.js';
import { racePlot } from '../../plot/index.js';
import type { Described } from './messages.js';
import { called, likenessLines } from './report-card.js';
import { stepDrawing } from './step-drawing.js';

export interface HtmlReport {
  readonly subject: Described;
  readonly findings: readonly Finding[];
  readonly asked: readonly string[];
  readonly seconds: number;
  again(id: string, replay?: LawReport['replay']): string;
}

/** A check as one page that needs nothing but itself: the laws, how near each came to its tolerance, traits and paths. */
export function htmlReport({ subject, findings, asked, seconds, again }: HtmlReport): string {
  const laws = findings.filter((one) => one.event === 'law');
  const traits = findings.filter((one) => one.event === 'trait');
  const alike = findings.flatMap((one) => (one.event === 'likeness' ? one.alike : []));
  const said =
    subject.claims === undefined ? '' : ` says it is ${called(subject.claims, subject.options ?? {})}`;
  const broken = laws.filter(({ verdict }) => verdict === 'broken').length;
  const held = laws.filter(({ verdict }) => verdict === 'holds').length;
  const path = findings.find((one) => one.event === 'path');
  const parts = [
    `<h1>${text(subject.name)}${text(said)}</h1>`,
    `<p class="sum ${broken > 0 ? 'broken' : 'holds'}">${broken} broken, ${held} held, in ${seconds.toFixed(1)} s</p>`,
    '<h2>Laws</h2><table class="laws"><tr><th>verdict</th><th>law</th><th>samples</th><th>of what is allowed</th></tr>',
    ...laws.map((law) => lawRow(law, again(law.id, law.replay))),
    '</table>',
    ...[...likenessLines(alike), ...asked.map((one) => `It asks ${one}.`)].map(
      (line) => `<p>${text(line)}</p>`,
    ),
    ...(traits.length > 0 ? ['<h2>Traits</h2><table>', ...traits.map(traitRow), '</table>'] : []),
    ...(path?.drawn === undefined
      ? []
      : [
          '<h2 id="bowl">On a bowl</h2>',
          `<section class="plot" aria-labelledby="bowl" tabindex="0">${pathPlot(path.drawn)}</section>`,
        ]),
  ];
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(subject.name)}: laws</title>
<style>${style}</style>
<main>
${parts.join('\n')}
</main></html>
`;
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1a1e23, #e4e7ea); --line: light-dark(#c9ced4, #3a424a); }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #15191d); }
main { max-width: 960px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.4em; overflow-wrap: anywhere; } h2 { font-size: 1.1em; margin-top: 2em; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; } td, th { border-top: 1px solid var(--line); padding: .35em .6em; vertical-align: top; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12.5px; margin: .4em 0 0; }
.holds { color: light-dark(#1a7f37, #57ab5a); } .broken { color: light-dark(#b3261e, #f28b82); }
.sum { font-weight: 600; } .small { font-size: 13px; opacity: .8; } svg { max-width: 100%; height: auto; } figure { margin: .6em 0 0; }
svg text { font: 600 13px system-ui, sans-serif; }
@media (max-width: 640px) {
  tr { display: grid; grid-template-columns: 4.5em 1fr; border-top: 1px solid var(--line); }
  td { border: 0; min-width: 0; }
  tr:has(th), .laws td:empty { display: none; }
  .laws td:nth-child(n + 3) { grid-column: 2; padding-top: 0; font-size: 13px; }
  .laws td:nth-child(3)::before { content: 'samples: '; }
  .plot { overflow-x: auto; }
  .plot svg { max-width: none; width: 640px; }
}
`;

function lawRow(law: LawReport, again: string): string {
  const { id, name, statement, verdict, runs, worst, explanation } = law;
  const why =
    verdict === 'holds'
      ? `<div class="small">${text(statement)}</div>`
      : verdict === 'broken'
        ? `<pre>${text([...explainedLaw(law), `again: ${again}`].join('\n'))}</pre>${law.picture ? drawn(law.picture) : ''}`
        : `<div class="small">${text(explanation ?? 'it does not apply')}</div>`;
  const mark = verdict === 'does not apply' ? '–' : verdict;
  return `<tr><td class="${verdict}">${mark}</td><td><b>${text(id)}</b> ${text(name)}${why}</td><td>${runs || ''}</td><td>${bar(worst, runs)}</td></tr>`;
}

const drawn = (picture: NonNullable<LawReport['picture']>) =>
  `<figure>${stepDrawing(picture)}<figcaption class="small">from o: expected to e, dashed, got to g</figcaption></figure>`;

function traitRow({
  name,
  verdict,
  statement,
  runs,
  deviation,
  counterexample,
  explanation,
}: LawReport): string {
  const yes = verdict === 'holds' ? 'yes' : verdict === 'broken' ? 'no' : '?';
  const { what = explanation, expected, got } = deviation ?? {};
  const seen = expected === undefined ? what : `${what} is ${got} and not ${expected}`;
  const why = verdict === 'holds' ? `${runs} samples` : `${seen}, on ${shownSample(counterexample ?? '')}`;
  return `<tr><td>${yes}</td><td><b>${text(name)}</b> <span class="small">${text(statement)}</span><pre>${text(why ?? '')}</pre></td></tr>`;
}

const [barWidth, decades] = [160, 16];

/** The worst ratio of deviation to tolerance on a log axis from 10⁻⁸ to 10⁸; the line in the middle is what is allowed. */
function bar(worst: number, runs: number): string {
  if (runs === 0) return '';
  const at = (ratio: number) => ((Math.log10(ratio) + decades / 2) / decades) * barWidth;
  const end = worst === 0 ? 0 : Math.min(barWidth, Math.max(1, at(worst)));
  const kind = worst <= 1 ? 'holds' : 'broken';
  return `<svg class="${kind}" width="${barWidth}" height="12" role="img" aria-label="${text(String(worst))}"><title>${text(String(worst))}</title><rect width="${end.toFixed(1)}" height="8" y="2" fill="currentColor" opacity=".7"/><path d="M${barWidth / 2} 0v12" stroke="var(--ink)"/></svg>`;
}

function pathPlot({
  curvatures: [a, b],
  paths,
}: NonNullable<Extract<Finding, { event: 'path' }>['drawn']>): string {
  const value = (x: number, y: number) => (a * x ** 2 + b * y ** 2) / 2;
  return racePlot({
    title: `½(${a === 1 ? '' : a}x² + ${b}y²)`,
    value,
    paths: paths.map(({ label, points }) => ({ label, points, values: points.map(([x, y]) => value(x, y)) })),
    minima: [{ x: [0, 0], value: 0 }],
  });
}

function text(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
