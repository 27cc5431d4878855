import { existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Finding, isPartName, type LawReport, lawOf } from '../../../spec/index.js';
import { catalogue, findMethod } from '../../../src/methods/index.js';
import { checkCounts } from '../arguments/counts.js';
import { moduleFile } from '../arguments/load-module.js';
import { parseCall, type Value } from '../arguments/method-list.js';
import { blamingInput, Misuse } from '../arguments/misuse.js';
import { htmlReport } from '../check/html-report.js';
import { jsonLine, jsonResult } from '../check/json-report.js';
import type { Described } from '../check/messages.js';
import { ReportCard } from '../check/report-card.js';
import { type CheckRequest, runCheck } from '../check/run-check.js';
import { exitCodes } from './exit-codes.js';

export interface CheckCommandOptions {
  readonly command?: string;
  readonly claims?: string;
  readonly options?: string;
  readonly laws?: string;
  readonly replay?: string;
  readonly seed?: number;
  readonly runs?: number;
  readonly json?: boolean;
  readonly html?: string;
}

/** Of the half minute that a check may take the rest is for starting and ending. */
const secondsForAll = 26;

/** `fluxion check`: holds anybody's optimizer against laws; returns the exit code. */
export async function checkCommand(path: string | undefined, given: CheckCommandOptions): Promise<number> {
  const request = requestOf(path, given);
  const begin = performance.now();
  const findings: Finding[] = [];
  let described: Described = { name: '' };
  const again = (id: string, replay?: LawReport['replay']) => againCommand(path, given, id, replay);
  const out = (text: string) => process.stdout.write(text);
  const card = new ReportCard(process.stdout, again);
  const json = given.json === true;
  const asked = await runCheck(request, {
    subject(subject, agenda) {
      described = subject;
      if (json) out(`${JSON.stringify({ event: 'subject', ...subject, agenda })}\n`);
      else card.subject(subject, agenda);
    },
    begins: (id) => json || card.begins(id),
    found(finding) {
      findings.push(finding);
      if (!json) return card.found(finding);
      const broken = 'verdict' in finding && finding.verdict === 'broken';
      out(`${jsonLine(finding, broken ? again(finding.id, finding.replay) : undefined)}\n`);
    },
  });
  const seconds = (performance.now() - begin) / 1_000;
  const laws = findings.filter((one) => one.event === 'law');
  if (given.html !== undefined) {
    const page = htmlReport({ subject: described, findings, asked, seconds, again });
    writeFileSync(given.html, page);
  }
  if (json) out(`${jsonResult(described.name, laws, asked, request.seed, seconds)}\n`);
  else card.end(laws, asked, seconds);
  return laws.every(({ verdict }) => verdict === 'holds' || verdict === 'does not apply')
    ? exitCodes.done
    : exitCodes.failure;
}

function requestOf(path: string | undefined, given: CheckCommandOptions): CheckRequest {
  const { command, seed = checkCounts.seed.default, runs = checkCounts.runs.default, replay } = given;
  if ((path === undefined) === (command === undefined)) {
    const got = path === undefined ? 'neither' : 'both';
    throw new Misuse(
      `check(subject): expected a module or --command, got ${got}; for example\n\n  fluxion check ./my-optimizer.ts\n  fluxion check --command 'python my_optimizer.py'`,
    );
  }
  if (path !== undefined) moduleFile(path, 'check(subject)');
  const agenda = given.laws?.split(',').map((id) => id.trim());
  for (const id of agenda ?? []) blamingInput(() => lawOf(id), '--laws: ');
  if (replay !== undefined && agenda?.length !== 1) {
    throw new Misuse(`--replay: expected one law beside it, --laws 50, got ${given.laws ?? 'none'}`);
  }
  if (replay !== undefined && !/^\d+(:\d+)*$/.test(replay)) {
    throw new Misuse(`--replay: expected the path of a report, such as 3:0:1, got '${replay}'`);
  }
  const { claims, options } = claimOf(given);
  const source =
    path === undefined ? { kind: 'pipe' as const, command: command! } : { kind: 'module' as const, path };
  const pictured = given.html !== undefined;
  if (pictured && !existsSync(dirname(resolve(given.html!)))) {
    throw new Misuse(`--html: expected a file in a folder that exists, got '${given.html}'`);
  }
  return { source, claims, options, agenda, pictured, seed, runs, path: replay, seconds: secondsForAll };
}

/** `--claims adam --options 'beta1=0.8'`, or both in one: `--claims 'adam(beta1=0.8)'`. */
function claimOf({ claims, options }: CheckCommandOptions): Pick<CheckRequest, 'claims' | 'options'> {
  if (options !== undefined && claims === undefined) {
    throw new Misuse('--options: expected --claims beside it, the method whose options they are');
  }
  if (claims === undefined) return {};
  const call = parseCall(claims, '--claims');
  const more = options === undefined ? {} : optionsIn(call.name, options);
  const stated = { ...plainOptions(call.options), ...more };
  const told = Object.keys(stated).length === 0 ? undefined : stated;
  if (!catalogue.has(call.name) && isPartName(call.name)) return { claims: call.name, options: told };
  const method = blamingInput(() => findMethod(call.name), '--claims: ');
  blamingInput(() => method.create(stated), '--claims: ');
  return { claims: method.name, options: told };
}

function optionsIn(name: string, text: string): Readonly<Record<string, unknown>> {
  if (!text.trim().startsWith('{')) return plainOptions(parseCall(`${name}(${text})`, '--options').options);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Misuse(`--options: expected beta1=0.8,beta2=0.99 or an object of JSON, got ${text}`, {
      cause: error,
    });
  }
}

function plainOptions(options: { readonly [option: string]: Value }): Readonly<Record<string, unknown>> {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'object')
      throw new Misuse(`--options: expected a plain value for ${name}, got ${value.text}`);
  }
  return options;
}

/** The command that shows a finding again. */
function againCommand(
  path: string | undefined,
  { command, claims, options, seed = checkCounts.seed.default }: CheckCommandOptions,
  id: string,
  replay: LawReport['replay'],
): string {
  const quoted = (text: string) => (/^[\w./=,:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return [
    'fluxion check',
    ...(path === undefined ? [`--command ${quoted(command!)}`] : [quoted(path)]),
    ...(claims === undefined ? [] : [`--claims ${quoted(claims)}`]),
    ...(options === undefined ? [] : [`--options ${quoted(options)}`]),
    `--laws ${id} --seed ${replay?.seed ?? seed}`,
    ...(replay === undefined ? [] : [`--replay ${replay.path}`]),
  ].join(' ');
}
