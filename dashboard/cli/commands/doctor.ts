import { type Diagnosis, diagnose } from '../../../src/tensors/index.js';
import { figure } from '../terminal/figures.js';
import { table } from '../terminal/table.js';
import { exitCodes } from './exit-codes.js';

/** `fluxion doctor`; returns the exit code. */
export async function doctorCommand({ json = false }: { json?: boolean }): Promise<number> {
  // TensorFlow.js prints where it likes: stdout is for the answer.
  console.log = console.info = console.debug = console.error;
  const backends = await diagnose();
  const { version, platform, arch } = process;
  process.stdout.write(
    json
      ? `${JSON.stringify({ node: version, platform: `${platform}-${arch}`, backends })}\n`
      : `Node ${version} on ${platform}-${arch}\n\n${diagnosisTable(backends)}\n`,
  );
  return exitCodes.done;
}

/** The backends, the one that is chosen by itself first among the available ones. */
export function diagnosisTable(backends: readonly Diagnosis[]): string {
  const head = ['backend', 'available', 'GFLOP/s', 'MLP gradient', ''];
  const rows = backends.map(({ name, available, reason, advice, gigaflops, mlpGradientMilliseconds }) => [
    name,
    available ? 'yes' : 'no',
    figure(gigaflops),
    mlpGradientMilliseconds === undefined ? '–' : `${figure(mlpGradientMilliseconds)} ms`,
    available ? '' : `${reason}: ${advice}`,
  ]);
  const chosen = backends.find(({ available }) => available)?.name;
  return (
    `${table([head, ...rows], [0, 1, 4])}\n\n` +
    'GFLOP/s: products of square float32 matrices. MLP gradient: 784-128-10, 128 examples.\n' +
    `Chosen where nothing else is asked for: ${chosen ?? 'none'}.`
  );
}
