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
    if (error instanceof PortInUse) {
      throw new Misuse(
        `--port: expected a free one, got ${options.port}, which another program uses; leave --port out for any free one`,
      );
    }
    throw error instanceof LogError ? asMisuse(error) : error;
  }
}
