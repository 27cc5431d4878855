import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { catalogue } from '../laws/catalogue.js';
import { BrokenLaw, type Law } from '../laws/law.js';
import { shownSample } from '../shown-sample.js';
import { universal } from '../subjects/claims.js';
import { Misbehaviour, OptionFixed } from '../subjects/foreign/misbehaviour.js';
import type { OptimizerSubject, Subject } from '../subjects/subject.js';
import { inPython } from './foreign/in-python.js';
import { ofPackages, ofTensorFlow } from './foreign/javascript.js';
import { agreement, alongInverse, naiveOf, published, recurrences, stillness } from './foreign/published.js';
import { type Library, PythonOptimizers } from './foreign/python.js';

/*
 * Holds other people's optimizers to the laws:
 *   npm run foreign -- [tfjs] [npm] [optax] [torch] [pypi] [--runs 60] [--seed 1] [--only adam]
 * What it has found is in docs/findings.md.
 * Packages of npm are installed in a temporary folder, or taken from FLUXION_FOREIGN; Python is FLUXION_PYTHON, with
 * optax, torch, or pytorch_optimizer and torch_optimizer in it. Prints a line a subject, and for a broken law the smallest sample found.
 */
const asked = process.argv.slice(2);
const flag = (name: string, otherwise: string) => {
  const at = asked.indexOf(`--${name}`);
  return at < 0 ? otherwise : asked.splice(at, 2)[1];
};
const runs = Number(flag('runs', '60'));
const seed = Number(flag('seed', '1'));
const only = flag('only', '');
const groups = ['tfjs', 'npm', 'optax', 'torch', 'pypi'];
const unknown = asked.find((name) => !groups.includes(name));
if (unknown !== undefined || !Number.isInteger(runs) || !Number.isInteger(seed)) {
  console.error(
    `foreign: expected some of ${groups.join(', ')}, --runs, --seed and --only, got '${asked.join(' ')}'`,
  );
  process.exit(2);
}

for (const group of asked.length > 0 ? asked : groups) {
  console.log(`\n== ${group} ==`);
  if (group === 'tfjs') hold(ofTensorFlow());
  else if (group === 'npm') hold(ofPackages(process.env.FLUXION_FOREIGN ?? installed()));
  else {
    const python = new PythonOptimizers(process.env.FLUXION_PYTHON ?? 'python3', group as Library);
    hold(inPython(python, group as Library));
    python.close();
  }
}
process.exit(0);

function hold(subjects: readonly Subject[]): void {
  for (const subject of subjects) {
    if (!subject.name.includes(only)) continue;
    const reports = lawsFor(subject).map(([law, about]) => judge(law, about));
    const broken = reports.filter((report) => typeof report === 'object');
    const held = reports.filter((report) => report === 'holds').length;
    console.log(
      `${broken.length === 0 ? 'holds ' : 'BROKEN'} ${subject.name}: ${held} laws hold, ${broken.length} broken`,
    );
    for (const { law, why, sample } of broken)
      console.log(`  law ${law.id}, ${law.name}\n    ${why}\n    on ${sample}`);
  }
}

/** What a subject is held to: the laws of its method and its naive form, or those of everyone and its paper. */
function lawsFor(subject: Subject): readonly (readonly [Law, Subject])[] {
  const named = (ids: readonly string[], about: Subject) =>
    catalogue
      .filter(({ id, kind }) => ids.includes(id) && kind === about.kind)
      .map((law) => [law, about] as const);
  if (subject.kind !== 'optimizer') return [[alongInverse, subject]];
  const recurrence = recurrences[subject.method];
  if (recurrence !== undefined) {
    const [options] = fc.sample(fc.record(recurrence.options), { seed, numRuns: 1 });
    // Without an ε a gradient of 0 is 0/0, and these feed some.
    const elsewhere = [...subject.claims.filter((id) => universal.includes(id)), '6', '7', '9b'];
    const safe = !('epsilon' in options && options.epsilon === 0);
    return [
      [published, subject],
      ...(safe ? [[stillness, subject] as const, ...named(elsewhere, stranger(subject, options))] : []),
    ];
  }
  if (subject.method === 'stranger') return [...named(subject.claims, subject), [stillness, subject]];
  return [
    ...(naiveOf(subject.method) === undefined ? [] : ([[agreement, subject]] as const)),
    ...named(subject.claims, subject),
  ];
}

/** The same at one setting, as a method nobody has heard of. */
function stranger(subject: OptimizerSubject, fixed: object): OptimizerSubject {
  const create = () => subject.create(fixed);
  return { ...subject, method: 'stranger', fixed: fixed as Record<string, unknown>, create };
}

function judge(law: Law, subject: Subject) {
  const details = fc.check(law.property(subject), { seed, numRuns: runs });
  if (!details.failed) return 'holds' as const;
  const { errorInstance: error, counterexample } = details;
  if (error instanceof OptionFixed) return 'does not apply' as const;
  const expected = error instanceof BrokenLaw || error instanceof Misbehaviour;
  const why = expected
    ? error.message
    : `the harness: ${error instanceof Error ? error.stack : 'too few samples'}`;
  return { law, why, sample: shownSample(fc.stringify(counterexample?.[0])) };
}

/** A temporary folder with the packages, none of whose scripts is run. */
function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fluxion-foreign-'));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const packages = ['js-pytorch@0.7.2', 'brain.js@1.6.1', 'optimization-js@1.5.0'];
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (!existsSync(join(folder, 'node_modules'))) throw new Error('npm installed nothing');
  return folder;
}
