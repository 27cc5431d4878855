import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The script of the peer: `tinyvit_jax.py` in the folder FLUXION_PEERS. */
const script = join(process.env.FLUXION_PEERS ?? '../shared/peers', 'tinyvit_jax.py');

/** A Python with JAX and flax: `FLUXION_PYTHON`, else `python3`; undefined where one or the script is missing. */
export function pythonWithJax(): string | undefined {
  if (!existsSync(script)) return undefined;
  return [process.env.FLUXION_PYTHON, 'python3'].find(
    (python) =>
      python !== undefined && spawnSync(python, ['-c', 'import jax, flax'], { stdio: 'ignore' }).status === 0,
  );
}

/** Milliseconds of a gradient in JAX, that of TinyViT, as its script says first; the rest of it is not waited for. */
export function jaxGradient(python: string, examples: number, of = script): Promise<number> {
  const child = spawn(python, [of, String(examples)], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const found = /^grad\s+([\d.]+) ms$/m.exec(printed);
      if (found === null) return;
      resolve(Number(found[1]));
      child.kill();
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`JAX's process ended early, with status ${code}`)));
  });
}
