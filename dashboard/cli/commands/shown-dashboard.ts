import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runsFolder } from '../../record/recording/run-directory.js';
import { indexName } from '../../record/runs/index.js';
import {
  type Dashboard,
  type DashboardOptions,
  LogError,
  PortInUse,
  startDashboard,
} from '../../server/index.js';
import { asMisuse, Misuse } from '../arguments/misuse.js';

/** @throws Misuse where the port is taken, or the record cannot be read */
export async function shownDashboard(options: DashboardOptions): Promise<Dashboard> {
  try {
    return await startDashboard(options);
  } catch (error) {
    if (error instanceof PortInUse) throw portTaken(options.port);
    throw error instanceof LogError ? asMisuse(error) : error;
  }
}

export function portTaken(port: number | undefined): Misuse {
  return new Misuse(
    `--port: expected a free one, got ${port}, which another program uses; leave --port out for any free one`,
  );
}

/** The folder around a record, where runs are kept in it: the page then has the list of them too. */
export function listedAround(directory: string): string | undefined {
  const folder = dirname(directory);
  return basename(folder) === runsFolder || existsSync(join(folder, indexName)) ? folder : undefined;
}
