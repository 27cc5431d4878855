import { operators } from '../../bench/mutation/operators.js';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** What statements can suffer, which no expression shows. */
const ofStatements = [
  { name: 'dropped', meaning: 'a change of state left out' },
  { name: 'order', meaning: 'two changes of state exchanged: the use before the update' },
];

/** docs/mutation.md: the operators, what they have shown, and why some mistakes live. */
export function mutationPage(survivors: readonly { id: string; reason: string }[]): string {
  const rows = [...operators, ...ofStatements].map(({ name, meaning }) => `| ${name} | ${cell(meaning)} |`);
  const reasons = survivors.map(({ id, reason }) => {
    const [file, operator, before, after] = id.split(' ¦ ');
    return `| \`${file}\` | ${operator} | \`${cell(before)}\` → \`${cell(after)}\` | ${cell(reason)} |`;
  });
  return `# Mistakes of meaning in our own source

\`npm run mutate -- src/transforms\` makes mistakes of meaning in the source, one at a time, and tells which laws find them. All
mistakes of a run are switches in one copy of the sources, so that hundreds are tried in one process. Two samples of every law
tell which come by the files; those that come by the place of a mistake are tried first, the ones that found others in the file
before the rest, and the first that breaks ends it: forty mistakes in Adam's moments take 16 seconds of one core, the start
included. What is kept in \`coverage/mutants.jsonl\` is not tried again; \`--lived\` tries once more what lived, after a new law;
\`--unit\` tries the unit tests on what the laws let pass. A mistake changes a result if anything that a law is handed, a number,
an array, or what was written into one, differs by more than 10⁻⁹ of its largest entry.
The operators, on the syntax tree and with what the type checker knows:

| operator | mistake |
|---|---|
${rows.join('\n')}

## Measured

On 28 November 2026, mistakes drawn at random anew from each folder, every law with 24 samples or more; those that live with a
reason count too. The first draw (\`--seed 7\`) shows what the laws of that morning found and what those found that were made for its
survivors; the second (\`--seed 11\`), of the four folders in which most lived, what the laws find of mistakes that they were not made
for.

| | drawn from | change a result, seed 7 | found at first | found now | | change a result, seed 11 | found now | |
|---|---|---|---|---|---|---|---|---|
| \`src/methods\` | 754 | 51 | 36 | 49 | 96 % | 33 | 30 | 91 % |
| \`src/search\`, \`src/trust-region\`, conjugate gradients | 1,990 | 68 | 54 | 62 | 91 % | 40 | 33 | 83 % |
| \`src/objective\` | 1,424 | 38 | 27 | 30 | 79 % | 29 | 25 | 86 % |
| \`src/least-squares\` | 1,110 | 59 | 49 | 49 | 83 % | 41 | 30 | 73 % |
| \`src/transforms\` | 2,347 | 59 | 56 | 56 | 95 % | | | |
| \`src/curvature\` | 2,457 | 42 | 40 | 40 | 95 % | | | |
| \`src/linalg\`, its kernels too | 4,066 | 30 | 28 | 28 | 93 % | | | |
| \`src/algebra\` | 624 | 25 | 25 | 25 | 100 % | | | |
| all | | 372 | 315 | 339 | 91 % | 143 | 118 | 83 % |

Of mistakes that no law was made for, those of the second draw and of the last four folders, laws find 267 of 299, 89 %. What no law
comes by runs on tensors, in streams or on WebAssembly only. How many of the rest the unit tests alone find was not measured.

Made for what lived: every step of the guarded Newton's method, its brackets and its end (13d); every trial of the searches of
Moré and Thuente and of Hager and Zhang beside the rules that they were published with (36h, 36i), told what the search saw;
what a method tries first along a line and in a box (36j, 99d); budgets (U9); the size of what no pair tells an estimate (35d);
L-BFGS with its published error (35e); the digits that differences reach, with noise too (75d); the lower bound of Hager and
Zhang's β (35c); a region that grows at its bound only (26c); and the whole path in any unit with its end (73), which found that
a run from x = 0 called a function grown by a length of 1.

Before those: the first trial of a search, how it backtracks and why it failed (36d to 36g); a last look before the end of a run
(74c); models along a path that bends at bounds (99b, 99c); the rules of Marquardt's damping (22c, 22d, 23c, 23d); what a run tells of
its point (U8, U8b); how Newton's method fails (13c).

Open: most of what lives in \`src/least-squares\` and in last looks, which decides when a run sees that it is at its end; how long the
longest step is; the step of truncated conjugate gradients where f curves down along −g; fits with weights; and two pivots in
kernels.

Differences of values with relative noise fail where x lies nearer to 0 than a fourth of the length of f, and twice in ten thousand
functions elsewhere: 75d allows one of five.

Twelve mistakes were planted by hand: the slope of Hager and Zhang's lower bound taken at the new point, the ratio of a first trial
turned round, γ of the oldest pair, one pair more than the memory, a warm-up one update longer, a correction one step late, a slack
without the unit of f, c₂ for the lesser of c₁ and c₂, a region that grows from its inside, a step at the boundary that rounding puts
inside, π by traces and not their means, and one pass of orthogonalization for two. Laws found seven; three more by 35c, 36j and
26c, made since. c₂ is no mistake: where a slope is flat enough by c₂ the search has ended, or it rises, and that by c₁ holds too. One
pass of orthogonalization changes nothing in so few dimensions as laws have, and lives.

Two mistakes planted by hand lived before and are found: |β| for Polak and Ribière's max(0, β), by law 35c, and a β a tenth
too small in Steihaug's conjugate gradients, by law 21c. So are the exponent, the floor and the growth of the damping in Nielsen's
rule, by law 26g.

## Reasons

Survivors that were looked at and may live:

| file | operator | mistake | why it lives |
|---|---|---|---|
${reasons.join('\n')}
`;
}
