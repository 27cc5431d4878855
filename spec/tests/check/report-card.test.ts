import { expect, it } from 'vitest';
import { ReportCard } from '../../../dashboard/cli/check/report-card.js';
import type { Finding } from '../../index.js';

function shown(findings: readonly Finding[]): string[] {
  let text = '';
  const terminal = { write: (more: string) => (text += more) };
  const card = new ReportCard(terminal as never, () => 'fluxion check');
  for (const finding of findings) card.found(finding);
  card.end([], [], 1);
  return text.split('\n');
}

const undecided = (event: 'law' | 'trait', id: string, explanation: string): Finding => ({
  event,
  id,
  name: `name of ${id}`,
  statement: '',
  verdict: 'undecided',
  runs: 0,
  worst: 0,
  explanation,
});

it('tells what is undecided for one reason in one line', () => {
  const late = 'not tried after that';
  const nan = (x: string) => `step: finite numbers became NaN in x[0] for x = [${x}] and gradient = [0]`;
  const lines = shown([
    undecided('law', 'U2', late),
    undecided('law', 'U3', late),
    undecided('trait', 'downhill', nan('0')),
    undecided('trait', 'rests', nan('0, 0')),
    { ...undecided('trait', 'mirror', ''), verdict: 'holds', runs: 9 } as Finding,
    undecided('trait', 'affine', late),
  ]);
  expect(lines.slice(0, -3)).toEqual([
    '  ?       U2, U3: not tried after that',
    '',
    'Traits, each seen in so many runs or refuted by an example:',
    '  ?    downhill, rests: step: finite numbers became NaN in x[0]',
    '  yes  name of mirror  (mirror, 9 runs)',
    '  ?    name of affine  (affine): not tried after that',
  ]);
});
