import type { Finding } from '../../gallery.js';
import { catalogue } from '../../laws/catalogue.js';
import { asSentence, shownSample } from '../../shown-sample.js';
import { pictured } from './mutant-pictures.js';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** docs/mutants.md: every mistake beside the law that finds it, with its smallest sample. */
export function mutantsPage(findings: readonly Finding[], seed: number): string {
  const sections = catalogue.flatMap((law) => {
    const found = findings.filter(({ mutant }) => mutant.killedBy === law.id);
    if (found.length === 0) return [];
    const pictures = found
      .filter(({ mutant }) => pictured.has(mutant.id))
      .map(({ mutant }) => pictureOf(mutant.id));
    return [
      `## Law ${law.id}: ${law.name}\n\n${law.statement} (${law.source})\n\n` +
        '| mistake | what is wrong | after | on | what the law saw |\n|---|---|---|---|---|\n' +
        `${found.map(row).join('\n')}\n${pictures.join('')}`,
    ];
  });
  const published = findings.filter(({ mutant }) => mutant.seen !== undefined).length;
  return `# The mistakes

${findings.length} known mistakes in optimizers, each made again as a small wrong variant and found by the law that stands above it: the
law says what is right. Of ${published} it is told where they were met. Each is shown with the smallest sample that the law's search
came down to, after how many samples it met the mistake, and what it saw there; \`npx fluxion mutants --seed ${seed}\` finds
them again, \`npx fluxion mutants adam\` those whose names begin so. Coordinates, gradients and Hessians stand in order of
their entries, row-major. Made from the code by a test.

${sections.join('\n')}`;
}

function row({ mutant, law }: Finding): string {
  const { id, mistake, seen } = mutant;
  const wrong = `${asSentence(mistake)}${seen === undefined ? '' : ` Seen in ${seen}.`}`;
  const saw = law.explanation?.replace(/^law \w+: /, '') ?? '';
  const cells = [`\`${id}\``, wrong, String(law.runs), `\`${shownSample(law.counterexample ?? '')}\``, saw];
  return `| ${cells.map(cell).join(' | ')} |`;
}

const pictureOf = (id: string) =>
  `\nWhere \`${id}\` goes, and the right method:\n\n<img src="mutants/${id}.svg" width="480" alt="${cell(pictured.get(id)!.title)}">\n`;
