import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isBeingWritten, LogError, RunLog, readLog } from '../../../dashboard/record/log/index.js';
import { compiledFile } from '../compiled.js';
import { directory, run, step } from './run-events.js';

const lock = (path: string) => join(path, 'events.lock');

test('a log has one writer, until it is closed', () => {
  const path = join(directory(), 'run');
  const log = RunLog.create(path);
  log.append(run);
  expect(isBeingWritten(path)).toBe(true);
  expect(() => RunLog.reopen(path)).toThrow(`process ${process.pid} on ${hostname()} writes this run`);
  expect(() => RunLog.create(path)).toThrow('holds the log of a run already');
  log.close();
  expect(isBeingWritten(path)).toBe(false);
  expect(existsSync(lock(path))).toBe(false);
  log.close();
  expect(() => log.append(run)).toThrow('the log is closed');
  const again = RunLog.reopen(path);
  again.append(step(0));
  again.close();
  expect([...readLog(path)].map(({ event }) => event)).toStrictEqual([run, step(0)]);
});

test('what is locked from another machine is not written, what nobody writes any more is', () => {
  const path = join(directory(), 'run');
  RunLog.create(path).close();
  const holder = { pid: process.pid, host: 'elsewhere', started: '' };
  writeFileSync(lock(path), JSON.stringify(holder));
  expect(() => RunLog.reopen(path)).toThrow(LogError);
  expect(readFileSync(lock(path), 'utf8')).toBe(JSON.stringify(holder));
  // A later process with the number of one that is gone, a number nobody has, a lock that was torn.
  const stale = [
    { ...holder, host: hostname(), started: 'before' },
    { ...holder, host: hostname(), pid: 2 ** 30 },
  ];
  for (const text of [...stale.map((old) => JSON.stringify(old)), '{"pid":1', '']) {
    writeFileSync(lock(path), text);
    expect(isBeingWritten(path)).toBe(false);
    RunLog.reopen(path).close();
    expect(existsSync(lock(path))).toBe(false);
  }
});

test('a refused directory keeps no lock', () => {
  const path = directory();
  writeFileSync(join(path, 'events.log'), 'something else');
  expect(() => RunLog.reopen(path)).toThrow('not a run log');
  expect(existsSync(lock(path))).toBe(false);
  expect(() => RunLog.reopen(join(path, 'none'))).toThrow('no run there');
});

test('a writer that is killed leaves a log that goes on', async () => {
  const path = join(directory(), 'run');
  const program = `
    import { RunLog } from '${compiledFile('dashboard/record/log/index.ts')}';
    const log = RunLog.create(${JSON.stringify(path)});
    log.append(${JSON.stringify(run)});
    for (let i = 0; ; i++) {
      log.append({ kind: 'step', method: 0, step: i, seconds: i, loss: i, gradientNorm: i, updateNorm: i, milliseconds: 1 });
      if (i === 50_000) {
        log.flush();
        process.stdout.write('far');
      }
    }`;
  const writer = spawn(process.execPath, ['--input-type=module', '-e', program]);
  await once(writer.stdout, 'data');
  expect(isBeingWritten(path)).toBe(true);
  expect(() => RunLog.reopen(path)).toThrow(`process ${writer.pid} `);
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  const log = RunLog.reopen(path);
  const { seq } = log;
  log.append({ kind: 'control', action: 'resume', seconds: 1 });
  log.close();
  expect(seq).toBeGreaterThan(50_000);
  const events = [...readLog(path)];
  expect(events.map((numbered) => numbered.seq)).toStrictEqual(events.map((_, i) => i + 1));
  expect(events.length).toBe(seq + 1);
  expect(
    events.every(({ event }, i) => i === 0 || i === seq || ('step' in event && event.step === i - 1)),
  ).toBe(true);
});
