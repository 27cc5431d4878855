import type { Disk } from '../../dashboard/record/disk/disk.js';
import type { HostArray } from '../../src/index.js';
import type { Frame } from '../../streams/index.js';
import type { Faults } from './faults.js';
import type { Page } from './page.js';
import type { Parts } from './parts.js';
import type { Scenario } from './scenario.js';
import type { SimulatedEnvironment } from './simulated-environment.js';

export const directory = '/runs/simulated';
export const log = `${directory}/events.log`;
export const label = 'simulated';
export const checkpointFile = `${directory}/checkpoints/${label}.safetensors`;

/** What one process of a history works with. */
export interface World {
  readonly scenario: Scenario;
  readonly faults: Faults;
  readonly environment: SimulatedEnvironment;
  readonly disk: Disk;
  readonly page: Page;
  /** Hears of every frame given out, and says whether the subscriber leaves. */
  onFrame(frame: Frame<HostArray>): 'stay' | 'leave';
  /** Hears of a failed root in whose place the last one served. */
  onRecovery(): void;
  /** Told when the checkpoint of a step is written. */
  onCheckpoint(step: number): void;
  readonly first: boolean;
  readonly parts: Parts;
}
