const words: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission to do so',
  EDQUOT: 'no more may be stored there: the quota is used up',
  EEXIST: 'something stands there already',
  EFBIG: 'the file may become no larger',
  EIO: 'the disk fails',
  EISDIR: 'a folder stands there',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a file stands in the place of a folder',
  ENOTEMPTY: 'a folder that holds something stands there',
  EPERM: 'it is not permitted',
  EROFS: 'the disk is read-only',
};

/** A file that could not be read or written, and why, in words. */
export class DiskError extends Error {
  override readonly name = 'DiskError';
}

/** Whether the operating system refused something. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'syscall' in error && typeof (error as { code?: unknown }).code === 'string'
  );
}

/** The error of the operating system in words; any other as it is. */
export function diskError(error: unknown, file?: string): unknown {
  if (!isSystemError(error)) return error;
  const path = file ?? error.path;
  // A folder is only made where none is.
  const code = error.code === 'EEXIST' && error.syscall === 'mkdir' ? 'ENOTDIR' : error.code!;
  const why = words[code] ?? error.message;
  return new DiskError(path === undefined ? why : `${path}: ${why}`, { cause: error });
}

/** Runs `body`, whose system errors are about this file, and says them in words. */
export function onFile<R>(file: string, body: () => R): R {
  try {
    return body();
  } catch (error) {
    throw diskError(error, file);
  }
}
