import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise as openZip } from 'yauzl';

/** TensorFlow's library and headers as PyPI has them, in a wheel of `tensorflow-cpu`. */
export const wheel = {
  project: 'tensorflow-cpu',
  version: '2.15.1',
  file: 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  megabytes: 207,
} as const;

/** The two libraries that a binding is linked with. */
export const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** How far a download has come. */
export type OnBytes = (done: number, all: number) => void;

interface Listing {
  readonly files: readonly {
    readonly filename: string;
    readonly url: string;
    readonly hashes: { readonly sha256?: string };
  }[];
}

/**
 * Downloads the wheel, checks it by the index's SHA-256, and puts its libraries into `lib/` and its C headers into
 * `include/` of the folder; the wheel itself is not kept.
 *
 * @throws Error that names the address where it cannot be had, or is not what the index says
 */
export async function fetchSharedLibrary(folder: string, onBytes: OnBytes): Promise<void> {
  const index = `${process.env.FLUXION_PYPI ?? 'https://pypi.org'}/simple/${wheel.project}/`;
  const listing = (await (await get(index, 'application/vnd.pypi.simple.v1+json')).json()) as Listing;
  const found = listing.files.find(({ filename }) => filename === wheel.file);
  if (found?.hashes.sha256 === undefined) throw new Error(`${index} lists no ${wheel.file}`);
  const archive = join(folder, wheel.file);
  await mkdir(folder, { recursive: true });
  try {
    const digest = await download(found.url, archive, onBytes);
    if (digest !== found.hashes.sha256) {
      throw new Error(`${found.url}: expected SHA-256 ${found.hashes.sha256}, got ${digest}`);
    }
    await unpack(archive, folder);
  } finally {
    await rm(archive, { force: true });
  }
}

async function get(url: string, accept = '*/*'): Promise<Response> {
  const answer = await fetch(url, { headers: { accept } }).catch((error: Error) => {
    throw new Error(`${url} could not be reached: ${(error.cause as Error)?.message ?? error.message}`);
  });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer;
}

/** Writes what is at the address into the file; answers its SHA-256. */
async function download(url: string, file: string, onBytes: OnBytes): Promise<string> {
  const answer = await get(url);
  const all = Number(answer.headers.get('content-length') ?? Number.NaN);
  const hash = createHash('sha256');
  let done = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, next) {
      hash.update(chunk);
      onBytes((done += chunk.length), all);
      next(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(answer.body as never), counted, createWriteStream(file));
  return hash.digest('hex');
}

async function unpack(archive: string, folder: string): Promise<void> {
  const zip = await openZip(archive, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const to = placeOf(entry.fileName);
    if (to === undefined) continue;
    const file = join(folder, to);
    await mkdir(dirname(file), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
  }
}

/** Where in the folder an entry of the wheel goes; undefined for those that are not needed. */
export function placeOf(entry: string): string | undefined {
  const library = libraries.find((name) => entry === `tensorflow/${name}`);
  if (library !== undefined) return join('lib', library);
  const header = /^tensorflow\/(include\/(?:tensorflow\/(?:c|core\/platform|tsl)|tsl)\/.+\.h)$/.exec(entry);
  return header?.[1];
}
