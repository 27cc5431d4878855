import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { Environment } from '../../streams/environment.js';
import { DiskError } from '../record/disk/disk-error.js';
import { downloads } from '../record/export/index.js';
import { LogError } from '../record/log/index.js';

/** Where a record's numbers are had as a file: `?format=csv`, of a folder's run with `&run=<path>`. */
export const exportPath = '/export';

/** Answers with the record as a file to keep; piece by piece, so that a long one takes no memory. */
export function sendExport(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  directory: string | undefined,
  environment: Environment,
): void {
  const refuse = (status: number, message: string) => {
    response
      .writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' })
      .end(`${message}\n`);
  };
  const format = new URL(request.url ?? '/', 'http://localhost').searchParams.get('format') ?? 'csv';
  if (!Object.hasOwn(downloads, format)) {
    refuse(400, `Expected a format among ${Object.keys(downloads).join(', ')}.`);
    return;
  }
  if (directory === undefined) {
    refuse(404, 'There is no such run.');
    return;
  }
  const { ending, pieces } = downloads[format as keyof typeof downloads];
  const parts = pieces(directory)[Symbol.iterator]();
  let first: IteratorResult<string | Uint8Array>;
  try {
    first = parts.next();
  } catch (error) {
    if (!(error instanceof LogError || error instanceof DiskError)) throw error;
    refuse(409, error.message);
    return;
  }
  response.writeHead(200, {
    ...headers,
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${basename(directory).replace(/[^\w.-]+/g, '-')}.${ending}"`,
  });
  Readable.from(inTurns(first, parts, environment))
    .on('error', () => response.destroy()) // damaged on the way: what came is not to be taken for the whole
    .pipe(response);
}

async function* inTurns(
  first: IteratorResult<string | Uint8Array>,
  parts: Iterator<string | Uint8Array>,
  environment: Environment,
): AsyncGenerator<string | Uint8Array, void> {
  for (let part = first; !part.done; part = parts.next()) {
    yield part.value;
    await new Promise<void>((resolve) => environment.macrotask(resolve)); // sockets and timers have their turn
  }
}
