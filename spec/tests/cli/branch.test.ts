import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { branchFromPage } from '../../../dashboard/cli/commands/branch-from-page.js';
import { race, readLog } from '../../../dashboard/index.js';
import type { RunStarted } from '../../../dashboard/record/events.js';
import { isBeingWritten } from '../../../dashboard/record/log/index.js';
import type { BranchMade } from '../../../dashboard/server/index.js';
import { command, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe('a branch that the page asks for', () => {
  it('is a race of its own, from the checkpoint, with the options changed, beside the run it comes from', async () => {
    const directory = join(folder.path, 'run');
    const asked = 'adam(learningRate=0.002)';
    await lastValueFrom(race('mnist', [asked], { steps: 3, batch: 8, directory }));
    const told: BranchMade[] = [];
    const branch = branchFromPage((made) => told.push(made), command);
    const request = { directory, label: 'adam', asked, steps: 5 };
    await expect(branch({ ...request, changes: { learningRate: -1 } })).rejects.toThrow(
      'adam(learningRate): expected a number in [0, ∞), got -1',
    );
    await expect(branch({ ...request, changes: { rate: 1 } })).rejects.toThrow("'rate'");
    await expect(branch({ ...request, label: 'kfac', changes: {} })).rejects.toThrow(
      'kfac has no checkpoint yet',
    );
    expect(told).toEqual([]);

    const made = await branch({ ...request, changes: { learningRate: 0.01 } });
    expect(made).toEqual({
      directory: `${directory}-branch`,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/),
    });
    expect(told).toEqual([made]);
    const events = () => [...readLog(made.directory)].map(({ event }) => event);
    while (isBeingWritten(made.directory)) await setTimeout(50);
    const [run] = events() as [RunStarted];
    expect(run.from).toEqual({ run: 'run', method: 'adam', step: 3 });
    expect(run.methods.map(({ asked }) => asked)).toEqual(['adam(learningRate=0.01)']);
    expect(events().flatMap((event) => (event.kind === 'step' ? [event.step] : []))).toEqual([3, 4]);
  }, 120_000);
});
