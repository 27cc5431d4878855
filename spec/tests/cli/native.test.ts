import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchSharedLibrary, placeOf, wheel } from '../../../dashboard/cli/native/shared-library.js';
import { removeStale } from '../../../dashboard/cli/native/stale-folders.js';

/** An archive of these files, as PKWARE's APPNOTE 6.3 has it: local headers, then the directory. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [data, plain] = [deflateRawSync(text), Buffer.from(text)];
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(plain), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(plain.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields, rest, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end]);
}

function crc32(data: Buffer): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

const archive = zip({
  'tensorflow/libtensorflow_cc.so.2': 'cc',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/c_api.h': 'header',
  'tensorflow/python/other.py': 'not wanted',
});
const sha256 = createHash('sha256').update(archive).digest('hex');

let folder: string;
let server: Server;
let promised = sha256;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fluxion-native-'));
  promised = sha256;
  server = createServer((request, response) => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (request.url === `/simple/${wheel.project}/`) {
      const file = { filename: wheel.file, url: `${address}/wheel`, hashes: { sha256: promised } };
      response.end(JSON.stringify({ files: [file] }));
    } else if (request.url === '/wheel') response.end(archive);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  process.env.FLUXION_PYPI = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  delete process.env.FLUXION_PYPI;
  server.close();
  rmSync(folder, { recursive: true });
});

test('libraries and headers are fetched and put in place, the wheel is not kept', async () => {
  let seen = 0;
  await fetchSharedLibrary(folder, (done) => {
    seen = done;
  });
  expect(seen).toBe(archive.length);
  expect(readFileSync(join(folder, 'lib/libtensorflow_cc.so.2'), 'utf8')).toBe('cc');
  expect(readFileSync(join(folder, 'lib/libtensorflow_framework.so.2'), 'utf8')).toBe('framework');
  expect(readFileSync(join(folder, 'include/tensorflow/c/c_api.h'), 'utf8')).toBe('header');
  expect(existsSync(join(folder, wheel.file))).toBe(false);
});

test('what is not what the index says is refused, and nothing of it unpacked', async () => {
  promised = sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  await expect(fetchSharedLibrary(folder, () => {})).rejects.toThrow(/expected SHA-256 .* got/);
  expect(existsSync(join(folder, 'lib'))).toBe(false);
});

test('an index that cannot be reached, or does not have it, is named', async () => {
  const address = process.env.FLUXION_PYPI!;
  process.env.FLUXION_PYPI = `${address}/elsewhere`;
  await expect(fetchSharedLibrary(folder, () => {})).rejects.toThrow(/elsewhere\/simple\/.* answers 404/);
  process.env.FLUXION_PYPI = 'http://127.0.0.1:1';
  await expect(fetchSharedLibrary(folder, () => {})).rejects.toThrow(/could not be reached/);
});

test('of a wheel only libraries and C headers are wanted, and none out of the folder', () => {
  expect(placeOf('tensorflow/include/tsl/c/tsl_status.h')).toBe('include/tsl/c/tsl_status.h');
  expect(placeOf('tensorflow/python/libtensorflow_cc.so.2')).toBeUndefined();
  expect(placeOf('../tensorflow/include/tensorflow/c/x.h')).toBeUndefined();
});

test('what a process that was killed left half made is removed, and no more', async () => {
  const [cache, other] = ['', '-musl'].map((kind) => join(folder, `tfjs-node-4.22.0-linux-x64${kind}`));
  const ended = spawnSync(process.execPath, ['--version']).pid;
  const [stale, running] = [ended, process.pid].map((pid) => `${cache}.${pid}`);
  for (const made of [cache, other, stale, running]) mkdirSync(made);
  await removeStale(cache);
  expect([cache, other, stale, running].map((made) => existsSync(made))).toEqual([true, true, false, true]);
  await removeStale(join(folder, 'absent', 'tfjs-node'));
});
