import { dirname } from 'node:path';
import type { Disk } from '../../dashboard/record/disk/disk.js';

/** What changes a disk, in order. Folders and files are nodes; names lead to them. */
type Change =
  | { readonly kind: 'name'; readonly path: string; readonly node: number | null; readonly from?: string }
  | { readonly kind: 'write'; readonly node: number; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly node: number; readonly length: number }
  | { readonly kind: 'sync'; readonly node: number }
  | { readonly kind: 'syncNames'; readonly folder: string };

/** A node that is a folder. */
const folderNode = 0;

/** What a power cut leaves of what was not synced: none, all, or a part that `draw` (in [0, 1)) decides. */
export type Cut = { readonly kept: 'none' | 'all' } | { readonly kept: 'some'; draw(): number };

interface Content {
  bytes: Uint8Array;
  /** As of its last sync, and what came since. */
  synced: Uint8Array;
  since: Extract<Change, { kind: 'write' | 'truncate' }>[];
}

/**
 * A disk in memory, of which every change can be told, and which can be brought back to any of them as a power cut
 * would leave it: a file keeps what was synced of it, a name what was synced of its folder.
 */
export class SimulatedDisk {
  readonly changes: Change[] = [];
  /** Bytes that still find room. */
  free = Number.POSITIVE_INFINITY;
  /** @param forgets what its syncs leave out: a disk that must be found out */
  constructor(readonly forgets?: 'sync' | 'syncNames') {}

  readonly #names = new Map<string, number>([['/', folderNode]]);
  readonly #syncedNames = new Map<string, number>([['/', folderNode]]);
  #namesSince: Extract<Change, { kind: 'name' }>[] = [];
  readonly #contents = new Map<number, Content>();
  readonly #open = new Map<number, { readonly path: string; readonly node: number }>();
  #nextFile = 3;
  #nextNode = folderNode + 1;

  /** This disk as it was before its first change, where that was not empty. */
  #start: (() => SimulatedDisk) | undefined;

  /** This disk as a power cut left it after its first changes. */
  cut(changes: number, cut: Cut): SimulatedDisk {
    const before = this.#start?.() ?? new SimulatedDisk();
    for (const change of this.changes.slice(0, changes)) before.#apply(change);
    return before.#left(cut);
  }

  /** The functions of node:fs that the record uses. */
  get disk(): Disk {
    return this.#functions as unknown as Disk;
  }

  readonly #functions = {
    existsSync: (path: string) => this.#names.has(path),
    statSync: (path: string) => {
      const node = this.#node(path);
      return {
        isFile: () => node !== folderNode,
        isDirectory: () => node === folderNode,
        isFIFO: () => false,
      };
    },
    openSync: (path: string, flags: string) => {
      const there = this.#names.has(path);
      if (flags === 'wx' && there) throw refusal('EEXIST', path);
      if (flags.startsWith('r')) this.#node(path);
      else if (!there) {
        this.#node(dirname(path));
        if (this.free < 1) throw refusal('ENOSPC', path);
        this.#change({ kind: 'name', path, node: this.#nextNode++ });
      } else this.#change({ kind: 'truncate', node: this.#node(path), length: 0 });
      const file = this.#nextFile++;
      this.#open.set(file, { path, node: this.#node(path) });
      return file;
    },
    closeSync: (file: number) => void this.#open.delete(file),
    fstatSync: (file: number) => ({ size: this.#content(file).length }),
    readSync: (file: number, to: Uint8Array, offset: number, length: number, position: number) => {
      const bytes = this.#content(file).subarray(position, position + length);
      to.set(bytes, offset);
      return bytes.length;
    },
    readFileSync: (path: string) => Buffer.from(this.#contents.get(this.#node(path))!.bytes),
    writeSync: (file: number, from: Uint8Array, offset: number, length: number, position: number) => {
      const { node, path } = this.#open.get(file)!;
      const most = Math.min(length, this.free);
      if (most < 1) throw refusal('ENOSPC', path);
      this.free -= most;
      this.#change({
        kind: 'write',
        node,
        at: position,
        bytes: Uint8Array.from(from.subarray(offset, offset + most)),
      });
      return most;
    },
    ftruncateSync: (file: number, length: number) => {
      this.#change({ kind: 'truncate', node: this.#open.get(file)!.node, length });
    },
    fsyncSync: (file: number) => {
      const { path, node } = this.#open.get(file)!;
      const change: Change =
        node === folderNode ? { kind: 'syncNames', folder: path } : { kind: 'sync', node };
      if (change.kind !== this.forgets) this.#change(change);
    },
    mkdirSync: (path: string): string | undefined => {
      if (this.#names.has(path)) return undefined;
      const first = this.#functions.mkdirSync(dirname(path)) ?? path;
      this.#change({ kind: 'name', path, node: folderNode });
      return first;
    },
    renameSync: (from: string, to: string) => {
      const node = this.#node(from);
      if (this.#names.get(to) === folderNode) throw refusal('EISDIR', to);
      this.#change({ kind: 'name', path: to, node, from }); // both at once, as file systems promise
    },
    rmSync: (path: string) => {
      if (this.#names.has(path)) this.#change({ kind: 'name', path, node: null });
    },
  };

  #change(change: Change): void {
    this.changes.push(change);
    this.#apply(change);
  }

  #apply(change: Change): void {
    if (change.kind === 'name') {
      named(this.#names, change);
      this.#namesSince.push(change);
      if (change.node && !this.#contents.has(change.node)) {
        this.#contents.set(change.node, { bytes: new Uint8Array(), synced: new Uint8Array(), since: [] });
      }
    } else if (change.kind === 'syncNames') {
      const isThere = ({ path }: { path: string }) => dirname(path) === change.folder;
      for (const name of this.#namesSince.filter(isThere)) named(this.#syncedNames, name);
      this.#namesSince = this.#namesSince.filter((name) => !isThere(name));
    } else {
      const content = this.#contents.get(change.node)!;
      if (change.kind === 'sync') {
        content.synced = content.bytes;
        content.since = [];
      } else {
        content.bytes = changed(content.bytes, change);
        content.since.push(change);
      }
    }
  }

  /** What is left when the power goes now. */
  #left(cut: Cut): SimulatedDisk {
    const left = new SimulatedDisk();
    const part = (length: number) =>
      cut.kept === 'some' ? Math.floor(cut.draw() * (length + 1)) : cut.kept === 'all' ? length : 0;
    const names = new Map(this.#syncedNames);
    for (const name of this.#namesSince.slice(0, part(this.#namesSince.length))) named(names, name);
    for (const [path, node] of names) if (isReachable(path, names)) left.#names.set(path, node);
    for (const [node, { synced, since }] of this.#contents) {
      const whole = part(since.length);
      let bytes = synced;
      for (const change of since.slice(0, whole)) bytes = changed(bytes, change);
      const torn = since[whole];
      if (torn?.kind === 'write' && cut.kept === 'some') {
        const some = torn.bytes.slice(0, part(torn.bytes.length));
        // The file may have got its length before its bytes.
        const filled =
          cut.draw() < 0.5
            ? some
            : changed(new Uint8Array(torn.bytes.length), { ...torn, at: 0, bytes: some });
        bytes = changed(bytes, { ...torn, bytes: filled });
      }
      left.#contents.set(node, { bytes, synced: bytes, since: [] });
    }
    left.#nextNode = Math.max(folderNode, ...this.#contents.keys()) + 1;
    for (const [path, node] of left.#names) left.#syncedNames.set(path, node);
    left.#start = left.#copied();
    return left;
  }

  /** Makes disks like this one, in which all is synced. */
  #copied(): () => SimulatedDisk {
    const [names, contents, nextNode] = [[...this.#names], [...this.#contents], this.#nextNode];
    const bytes = contents.map(([node, content]) => [node, content.bytes] as const);
    return () => {
      const copy = new SimulatedDisk();
      for (const [path, node] of names) {
        copy.#names.set(path, node);
        copy.#syncedNames.set(path, node);
      }
      for (const [node, kept] of bytes) copy.#contents.set(node, { bytes: kept, synced: kept, since: [] });
      copy.#nextNode = nextNode;
      return copy;
    };
  }

  #node(path: string): number {
    const node = this.#names.get(path);
    if (node === undefined) throw refusal('ENOENT', path);
    return node;
  }

  #content(file: number): Uint8Array {
    return this.#contents.get(this.#open.get(file)!.node)!.bytes;
  }
}

function named(names: Map<string, number>, { path, node, from }: Extract<Change, { kind: 'name' }>): void {
  if (from !== undefined) names.delete(from);
  if (node === null) names.delete(path);
  else names.set(path, node);
}

function isReachable(path: string, names: ReadonlyMap<string, number>): boolean {
  return path === '/' || (names.get(dirname(path)) === folderNode && isReachable(dirname(path), names));
}

function changed(bytes: Uint8Array, change: Extract<Change, { kind: 'write' | 'truncate' }>): Uint8Array {
  if (change.kind === 'truncate') return bytes.slice(0, change.length);
  const longer = new Uint8Array(Math.max(bytes.length, change.at + change.bytes.length));
  longer.set(bytes);
  longer.set(change.bytes, change.at);
  return longer;
}

function refusal(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, '${path}'`), { code, path, syscall: 'simulated' });
}
