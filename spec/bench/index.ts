import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/*
 * Prints every measurement side by side in one run:
 *   npm run bench                 all
 *   npm run bench -- streams adam some
 * Each in a process of its own, which is ended after FLUXION_BENCH_SECONDS, 600: what is printed by then stands.
 */
const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  streams: async () => (await import('./streams.js')).benchStreams(),
  adam: async () => (await import('./adam.js')).bench(),
  tensors: async () => (await import('./tensors.js')).bench(),
  lenet: async () => (await import('./lenet.js')).bench(),
  autoencoder: async () => (await import('./autoencoder.js')).bench(),
  mnist: async () => (await import('./mnist.js')).bench(),
  fit: async () => (await import('./fit.js')).bench(),
  curvature: async () => (await import('./curvature.js')).bench(),
  kfac: async () => (await import('./kfac-profile.js')).bench(),
  linalg: async () => (await import('./linalg.js')).bench(),
  zoo: async () => (await import('./zoo.js')).benchZoo(),
  bounded: async () => (await import('./bounded.js')).benchBounded(),
  iteration: async () => (await import('./iteration.js')).benchIteration(),
  regression: async () => (await import('./regression.js')).benchRegression(),
  dashboard: async () => (await import('./dashboard.js')).bench(),
  page: async () => (await import('./page.js')).bench(),
  profile: async () => (await import('./step-profile.js')).bench(),
  memory: async () => (await import('./memory.js')).bench(),
  laws: async () => (await compiled('spec/bench/laws.ts')).bench(),
  server: async () => (await import('./server-load.js')).bench(),
};

/**
 * A bench as its users' JavaScript: what runs TypeScript names every function when it is made, which takes a fifth of a
 * run of a law.
 */
async function compiled(source: string): Promise<{ bench(): Promise<void> }> {
  const { default: compile, compiledFile } = await import('../tests/compiled.js');
  await compile();
  return import(compiledFile(source));
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`bench: expected some of ${Object.keys(benches).join(', ')}, got '${unknown}'`);
  process.exit(2);
}
if (process.env.FLUXION_BENCH === asked[0] && asked.length === 1) {
  await benches[asked[0]]();
  process.exit(0);
}
const limit = Number(process.env.FLUXION_BENCH_SECONDS ?? 600);
let failed = false;
for (const name of Object.keys(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n== ${name} ==`);
  const [loader, itself] = [['--import', 'tsx'], fileURLToPath(import.meta.url)];
  const env = { ...process.env, FLUXION_BENCH: name };
  const child = spawn(process.execPath, [...loader, itself, name], { stdio: 'inherit', env });
  const from = performance.now();
  const clock = setInterval(() => {
    const passed = (performance.now() - from) / 1000;
    if (passed < limit) console.error(`  (${name}: ${passed.toFixed(0)} s of at most ${limit})`);
    else child.kill('SIGKILL');
  }, 20_000);
  const [code] = await once(child, 'exit');
  clearInterval(clock);
  if (code === 0) continue;
  failed = true;
  console.log(code === null ? `  ${name} was ended after ${limit} s` : `  ${name} ended with status ${code}`);
}
process.exit(failed ? 1 : 0);
