import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { realEnvironment } from '../../streams/environment.js';

const bytes = 32;
const newBytes = () => Buffer.from(realEnvironment.randomBytes(bytes));
/** A key this old is replaced; pages that are open longer need the address with its token again. */
const days = 30;

/**
 * The key of this user's cookies, in a file that nobody else may read: so that a page which is open goes on when another
 * process serves its port. Where there can be no such file, a key of this process alone.
 */
export function sessionKey(folder = stateFolder()): Buffer {
  const path = join(folder, 'session-key');
  try {
    return readKey(path) ?? newKey(folder, path);
  } catch {
    return newBytes(); // no home, or one that is only read
  }
}

function stateFolder(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'fluxion');
}

/** Undefined where there is none, or one that is old, of another length, or that others may have read. */
function readKey(path: string): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const { mode, uid, mtimeMs } = fstatSync(file);
    const own = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
    if (!own || realEnvironment.date().getTime() - mtimeMs > days * 86_400_000) return undefined;
    const key = readFileSync(file);
    return key.length === bytes ? key : undefined;
  } finally {
    closeSync(file);
  }
}

function newKey(folder: string, path: string): Buffer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    unlinkSync(path);
  } catch {
    // there was none
  }
  const key = newBytes();
  try {
    writeFileSync(path, key, { flag: 'wx', mode: 0o600 });
    return key;
  } catch {
    return readKey(path) ?? key; // another process was faster
  }
}
