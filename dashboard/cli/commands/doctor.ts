import { type Diagnosis, diagnose } from '../../../src/tensors/index.js';
import { nativePlan } from '../native/native-package.js';
import { figure } from '../terminal/figures.js';
import { table } from '../terminal/table.js';
import { fixInWords, fixNative } from './doctor-fix.js';
import { exitCodes } from './exit-codes.js';

interface DoctorOptions {
  readonly json?: boolean;
  readonly fix?: boolean;
  readonly yes?: boolean;
}

/** `fluxion doctor`; returns the exit code. */
export async function doctorCommand({ json = false, fix = false, yes }: DoctorOptions): Promise<number> {
  if (fix) return fixNative({ yes });
  // TensorFlow.js prints where it likes: stdout is for the answer.
  console.log = console.info = console.debug = console.error;
  const backends = await diagnose();
  const { version, platform, arch } = process;
  const native = backends.some(({ name, available }) => name === 'tfjs-node' && available);
  const plan = native ? undefined : await nativePlan();
  const fixable = plan === undefined || 'impossible' in plan ? undefined : fixInWords(plan);
  process.stdout.write(
    json
      ? `${JSON.stringify({ node: version, platform: `${platform}-${arch}`, backends, fix: fixable })}\n`
      : `Node ${version} on ${platform}-${arch}\n\n${diagnosisTable(backends)}\n` +
          (fixable === undefined ? '' : `fluxion doctor --fix makes tfjs-node available: it ${fixable}.\n`),
  );
  return exitCodes.done;
}

/** The backends, the one that is chosen by itself first among the available ones. */
export function diagnosisTable(backends: readonly Diagnosis[]): string {
  const head = ['backend', 'available', 'GFLOP/s', 'MLP gradient', ''];
  const rows = backends.map(
    ({ name, available, reason, advice, note, gigaflops, mlpGradientMilliseconds }) => [
      name,
      available ? 'yes' : 'no',
      figure(gigaflops),
      mlpGradientMilliseconds === undefined ? '–' : `${figure(mlpGradientMilliseconds)} ms`,
      available ? (note ?? '') : `${reason}: ${advice}`,
    ],
  );
  const chosen = backends.find(({ available }) => available)?.name;
  return (
    `${table([head, ...rows], [0, 1, 4])}\n\n` +
    'GFLOP/s: products of square float32 matrices. MLP gradient: 784-128-10, 128 examples.\n' +
    `Chosen where nothing else is asked for: ${chosen ?? 'none'}.`
  );
}
