import { moreGarbowHillstrom } from '../../src/index.js';
import {
  type Competitor,
  competitors,
  isSolved,
  ourScore,
  type Score,
  type Smooth,
  startOf,
} from './peers/competition.js';
import { packageNames, packageScores } from './peers/packages.js';
import { pythonWithScipy, runScipy } from './peers/scipy.js';

type Column = { readonly name: string; readonly scores: readonly Score[] };

const names = Object.keys(competitors) as Competitor[];

async function scipyColumns(problems: readonly Smooth[], times: number): Promise<Column[] | string> {
  const python = pythonWithScipy();
  if (python === undefined) return 'no Python with SciPy was found; FLUXION_PYTHON names one';
  const answers = await runScipy(
    python,
    problems,
    problems.map((of) => startOf(of, times)),
    Object.fromEntries(names.map((name) => [name, competitors[name].scipy])),
  );
  return names.map((name) => ({
    name: `SciPy ${answers.version} ${competitors[name].scipy[0]}`,
    scores: answers[name].map(({ x, calls }, i) => ({
      solved: x !== null && isSolved(problems[i], x),
      evaluations: calls.value,
    })),
  }));
}

function table(print: (line: string) => void, problems: readonly Smooth[], columns: readonly Column[]): void {
  const wide = 12;
  columns.forEach(({ name }, i) => void print(`  ${String.fromCharCode(65 + i)}  ${name}`));
  const head = columns.map((_, i) => String.fromCharCode(65 + i).padStart(wide)).join('');
  print(`${'problem'.padEnd(24)}${'n'.padStart(4)}${head}`);
  problems.forEach((of, row) => {
    const cells = columns.map(({ scores }) => {
      const { solved, evaluations } = scores[row];
      return `${solved ? '' : 'not in '}${evaluations}`.padStart(wide);
    });
    print(`${of.name.padEnd(24)}${String(of.start.length).padStart(4)}${cells.join('')}`);
  });
  const sum = columns.map(({ scores }) =>
    String(scores.reduce((total, { evaluations }) => total + evaluations, 0)).padStart(wide),
  );
  const solved = columns.map(({ scores }) =>
    `${scores.filter((score) => score.solved).length} of ${problems.length}`.padStart(wide),
  );
  print(`${'solved'.padEnd(28)}${solved.join('')}`);
  print(`${'evaluations'.padEnd(28)}${sum.join('')}`);
}

/** How many of the 35 problems each solves, with how many evaluations, ours and others on the same functions. */
export async function benchZoo(print: (line: string) => void = console.log): Promise<void> {
  const problems = moreGarbowHillstrom();
  for (const times of [1, 10]) {
    print(
      `Evaluations of f on 35 problems, exact gradients, from ${times === 1 ? 'the standard start' : 'ten times it'}`,
    );
    const columns: Column[] = names.map((name) => ({
      name,
      scores: problems.map((of) => ourScore(of, name, times)),
    }));
    const scipy = await scipyColumns(problems, times);
    if (typeof scipy === 'string') print(`  without SciPy: ${scipy}`);
    else columns.push(...scipy);
    for (const name of packageNames) {
      const scores = await packageScores(name, problems, times);
      if (scores === undefined)
        print(`  without ${name}: it is not installed; FLUXION_PEERS may name a folder`);
      else columns.push({ name, scores });
    }
    table(print, problems, columns);
  }
}

if (import.meta.url === `file://${process.argv[1]}`) await benchZoo();
