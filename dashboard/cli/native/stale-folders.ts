import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Removes `FOLDER.PID` of processes that have ended: what one that was killed had half made. */
export async function removeStale(folder: string): Promise<void> {
  const beside = dirname(folder);
  const names = await readdir(beside).catch(() => []); // nothing was made yet
  for (const name of names) {
    const [, pid] = name.split(`${basename(folder)}.`);
    if (!/^\d+$/.test(pid ?? '') || isRunning(Number(pid))) continue;
    await rm(join(beside, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, and sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}
