/*
 * Prints every measurement side by side in one run:
 *   npm run bench                 all
 *   npm run bench -- streams adam some
 */
const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  streams: async () => (await import('./streams.js')).benchStreams(),
  adam: async () => (await import('./adam.js')).bench(),
  tensors: async () => (await import('./tensors.js')).bench(),
  lenet: async () => (await import('./lenet.js')).bench(),
  fit: async () => (await import('./fit.js')).bench(),
  curvature: async () => (await import('./curvature.js')).bench(),
  linalg: async () => (await import('./linalg.js')).bench(),
  zoo: async () => (await import('./zoo.js')).benchZoo(),
  bounded: async () => (await import('./bounded.js')).benchBounded(),
  iteration: async () => (await import('./iteration.js')).benchIteration(),
  regression: async () => (await import('./regression.js')).benchRegression(),
  dashboard: async () => (await import('./dashboard.js')).bench(),
  page: async () => (await import('./page.js')).bench(),
  server: async () => (await import('./server-load.js')).bench(),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`bench: expected some of ${Object.keys(benches).join(', ')}, got '${unknown}'`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n== ${name} ==`);
  await bench();
}
process.exit(0);
