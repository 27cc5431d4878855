import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Disk, nodeDisk } from '../../../dashboard/record/disk/disk.js';
import { LogReader, RunLog, readLog } from '../../../dashboard/record/log/index.js';
import { directory, run, step } from './run-events.js';

/** The real disk, which takes only so many bytes. */
function diskWith(room: { free: number }): Disk {
  const writeSync = (file: number, bytes: Buffer, offset: number, length: number, position: number) => {
    const most = Math.min(length, room.free);
    if (most === 0) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
    room.free -= most;
    return nodeDisk.writeSync(file, bytes, offset, most, position);
  };
  return { ...nodeDisk, writeSync: writeSync as Disk['writeSync'] };
}

test('a full disk is said once, the run goes on, and what was written is whole', () => {
  const path = join(directory(), 'run');
  const failures: Error[] = [];
  const room = { free: Number.POSITIVE_INFINITY };
  const log = RunLog.create(path, {
    disk: diskWith(room),
    onFailure: (error) => failures.push(error),
  });
  log.append(run);
  for (let i = 0; i < 5000; i++) {
    if (i === 3000) room.free = 10_001;
    log.append(step(i));
  }
  log.flush();
  log.append(step(5000));
  log.close();
  room.free = Number.POSITIVE_INFINITY;
  expect(failures).toStrictEqual([log.failure]);
  expect(log.failure?.message).toBe(
    `${join(path, 'events.log')}: no space is left on the disk; the run goes on, but is recorded no further`,
  );
  const written = [...readLog(path)].map(({ event }) => event);
  expect(written.length).toBeGreaterThan(1000);
  expect(written).toStrictEqual([run, ...written.slice(1).map((_, i) => step(i))]);
  const reader = new LogReader(path);
  expect([reader.seq, reader.fault, reader.tornBytes > 0]).toStrictEqual([written.length, undefined, true]);
  reader.close();
  const again = RunLog.reopen(path);
  expect(again.tornBytes).toBeGreaterThan(0);
  again.append(step(written.length - 1));
  again.close();
  expect([...readLog(path)].length).toBe(written.length + 1);
});
