import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** For an answer to begin; a download under way may take as long as it likes. */
const patience = 20_000;

/**
 * Downloads a `.tar.gz` with a known sha256 and unpacks its files into a folder, each written whole or not at all.
 *
 * @throws Error where there is no network, no such file, or another file than expected
 */
export async function downloadArchive(url: string, sum: string, into: string): Promise<void> {
  const waiting = new AbortController();
  const timer = setTimeout(
    () => waiting.abort(new Error(`no answer within ${patience / 1_000} s`)),
    patience,
  );
  const response = await fetch(url, { signal: waiting.signal })
    .catch((error: Error) => {
      throw new Error(`${url}: ${causeOf(error)}`);
    })
    .finally(() => clearTimeout(timer));
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  process.stderr.write(`Downloading ${basename(url)} into ${into}\n`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got !== sum) throw new Error(`${url}: expected the file with sha256 ${sum}, got ${got}`);
  for (const { name, data } of untar(gunzipSync(bytes))) await writeWhole(join(into, name), data);
}

/** `fetch` says why it failed in the cause of its error. */
function causeOf(error: Error): string {
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  try {
    await writeFile(unfinished, data);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/**
 * The files of a tar archive: headers of 512 bytes with name (0–99), size in octal (124–135) and kind (156), each
 * followed by its data in whole blocks of 512.
 *
 * Source: POSIX.1-1988, ustar.
 *
 * @throws Error where a name leads out of the folder it is unpacked into, or the archive is cut off
 */
export function* untar(bytes: Uint8Array): Generator<{ readonly name: string; readonly data: Uint8Array }> {
  const text = (at: number, length: number) => {
    const field = bytes.subarray(at, at + length);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  };
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    const name = text(at, 100);
    const size = Number.parseInt(text(at + 124, 12).trim() || '0', 8);
    const kind = text(at + 156, 1);
    at += 512;
    if (!(at + size <= bytes.length)) throw new Error(`the archive is cut off within ${name}`);
    if (kind === '' || kind === '0') {
      if (name.startsWith('/') || normalize(name).startsWith('..')) {
        throw new Error(`the archive holds ${name}, which leads out of its folder`);
      }
      yield { name, data: bytes.subarray(at, at + size) };
    }
    at += Math.ceil(size / 512) * 512;
  }
}
