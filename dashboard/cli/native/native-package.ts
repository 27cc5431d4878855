import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchSharedLibrary, libraries, type OnBytes, wheel } from './shared-library.js';
import { removeStale } from './stale-folders.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** What making the native package takes here. */
export interface NativePlan {
  /** Of `@tensorflow/tfjs-node`, that of the TensorFlow.js in use. */
  readonly version: string;
  /** Where what is built is kept. */
  readonly cache: string;
  /** Where the package goes: beside the TensorFlow.js in use. */
  readonly place: string;
  readonly built: boolean;
}

/** Why the native package cannot be made here, or how it would be. */
export async function nativePlan(): Promise<NativePlan | { readonly impossible: string }> {
  const { platform, arch } = process;
  if (platform !== 'linux' || arch !== 'x64') {
    return {
      impossible: `the libraries it is built with are for linux-x64, and this is ${platform}-${arch}`,
    };
  }
  const modules = (require.resolve.paths('@tensorflow/tfjs') ?? []).find((folder) =>
    existsSync(join(folder, '@tensorflow', 'tfjs')),
  );
  if (modules === undefined) return { impossible: '@tensorflow/tfjs is not installed' };
  const manifest = await readFile(join(modules, '@tensorflow', 'tfjs', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const root = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const cache = join(root, 'fluxion', `tfjs-node-${version}-${platform}-${arch}`);
  const built = existsSync(join(cache, 'package', 'lib', 'napi-v8', 'tfjs_binding.node'));
  if (!built && !(await present('g++'))) {
    return { impossible: 'it is compiled with g++, which is not here: apt-get install g++, say' };
  }
  return { version, cache, place: join(modules, '@tensorflow', 'tfjs-node'), built };
}

/** Builds the package where that has not been done, and puts it in its place. Tells each step before it begins. */
export async function makeNative(plan: NativePlan, onStep: (step: string) => void, onBytes: OnBytes) {
  const { cache, place, built, version } = plan;
  await removeStale(cache);
  if (!built) {
    const folder = `${cache}.${process.pid}`; // whole or not at all
    try {
      onStep(`downloads ${wheel.project} ${wheel.version} (${wheel.megabytes} MB)`);
      await fetchSharedLibrary(folder, onBytes);
      onStep(`installs @tensorflow/tfjs-node ${version} without its scripts`);
      await assemble(folder, version);
      onStep('compiles its binding');
      await compile(folder);
      await rm(cache, { recursive: true, force: true });
      await rename(folder, cache);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  onStep(`puts it into ${place}`);
  await rm(place, { recursive: true, force: true });
  await cp(join(cache, 'package'), place, { recursive: true });
  await mkdir(join(place, 'deps'));
  await symlink(join(cache, 'lib'), join(place, 'deps', 'lib'));
}

/** The package with all it needs but TensorFlow.js itself, of which a process must have one copy. */
async function assemble(folder: string, version: string): Promise<void> {
  const own = join(folder, 'npm');
  const packages = [`@tensorflow/tfjs-node@${version}`, 'node-api-headers@1'];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  await mkdir(own, { recursive: true });
  await step('npm', ['install', '--prefix', own, ...quiet, ...packages]);
  const [installed, target] = [join(own, 'node_modules'), join(folder, 'package')];
  await cp(join(installed, '@tensorflow', 'tfjs-node'), target, { recursive: true });
  for (const name of await readdir(installed)) {
    if (name === '@tensorflow' || name.startsWith('.')) continue;
    const to = name === 'node-api-headers' ? join(folder, name) : join(target, 'node_modules', name);
    await cp(join(installed, name), to, { recursive: true });
  }
  await rm(own, { recursive: true });
}

async function compile(folder: string): Promise<void> {
  const [sources, output] = [join(folder, 'package', 'binding'), join(folder, 'package', 'lib', 'napi-v8')];
  await mkdir(output, { recursive: true });
  await step('g++', [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...['-I', join(folder, 'node-api-headers', 'include'), '-I', join(folder, 'include')],
    ...['-o', join(output, 'tfjs_binding.node')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => join(sources, source)),
    ...['-L', join(folder, 'lib'), ...libraries.map((name) => `-l:${name}`)],
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ]);
}

async function step(command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, [...args], { maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`${command} failed: ${stderr.trim().split('\n').slice(-3).join(' ') || message}`);
  }
}

async function present(command: string): Promise<boolean> {
  return run(command, ['--version']).then(
    () => true,
    () => false,
  );
}
