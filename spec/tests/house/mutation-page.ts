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

On 28 November 2026, mistakes drawn at random from each folder, every law with 24 samples or more. "At first" is what the laws
found that stood when the mistake was drawn, "now" that and what laws made since have found of what lived, as far as it was
tried again: those of methods, linear algebra and arrays were not yet.

| | drawn from | tried | change a result | found at first | found now | of those that change a result | live with a reason | live, open | change no result | no law comes by |
|---|---|---|---|---|---|---|---|---|---|---|
| \`src/transforms\` | 2,323 | 80 | 57 | 52 | 56 | 98 % | 1 | 0 | 6 | 17 |
| \`src/search\`, \`src/trust-region\`, conjugate gradients | 2,011 | 150 | 104 | 73 | 84 | 81 % | 9 | 11 | 36 | 10 |
| \`src/curvature\` | 2,318 | 80 | 54 | 47 | 51 | 94 % | 3 | 0 | 4 | 22 |
| \`src/least-squares\` | 1,110 | 120 | 103 | 78 | 85 | 83 % | 7 | 11 | 13 | 4 |
| \`src/methods\` | 749 | 75 | 53 | 40 | 40 | 75 % | 3 | 10 | 13 | 9 |
| \`src/objective\` | 1,425 | 77 | 45 | 27 | 32 | 71 % | 12 | 1 | 18 | 14 |
| \`src/linalg\`, without its kernels | 1,750 | 95 | 48 | 46 | 46 | 96 % | 0 | 2 | 14 | 33 |
| \`src/algebra\` | 624 | 47 | 27 | 27 | 27 | 100 % | 0 | 0 | 10 | 10 |
| all | | 724 | 491 | 390 | 421 | 86 % | 35 | 35 | 114 | 119 |

Before results were compared, and not only the figures of laws, 74 of 83 had been found in searches and regions: what moved no
figure had not counted. What no law comes by runs on tensors, in streams or on WebAssembly only, or as published with its errors.
The kernels of \`src/linalg\` are assembled once and cannot be switched; no law is asked of them. The unit tests were not tried on
what lived.

Made for what lived: the first trial of a search, how it backtracks, its double secants and why it failed (36d to 36g); a last
look before the end of a run (74c), which may no longer be left out; models along a path that bends at bounds, and where their steps
end (99b, 99c); the first damping, the floor of Marquardt's scaling, the shortest step and the accelerated one (22c, 22d, 23c, 23d);
what a run tells of its point (U8, U8b); how Newton's method fails (13c); guards in any unit (29c),
differences beside bounds (75c); and Shampoo, SOAP, Muon and PSGD beside their naive forms (A). The floor that forgot
the unit of f and the last look never taken, both open before, are what 22d and 74c ask for. On 70 more mistakes in the four files
of steps in a box laws find 60 of 62 by these.

Open: an extrapolation inside a bracket that is not held short of its far end, and a tilted slope of the wrong sign
(\`bracket.ts\`), which show in the third trial of a search only; what a search does beside a bound, and how a run ends whose
directions do not descend (\`descend.ts\`, \`slope-check.ts\`); functions whose rounding is worse than their last place, or that are
not finite, in a last look; variables of a fit that begin at 0 and get their unit later (\`marquardt-model.ts\`); and the brackets of
\`guardedNewton\`.

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
