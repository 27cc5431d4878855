import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

const external = createRequire(import.meta.url);

/** Loads TypeScript modules of the project as CommonJS, some with another text. */
export class ModuleGraph {
  private readonly loaded = new Map<string, { exports: Record<string, unknown> }>();

  constructor(private readonly texts: ReadonlyMap<string, string>) {}

  load(path: string): Record<string, unknown> {
    const known = this.loaded.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as Record<string, unknown> };
    this.loaded.set(path, module);
    const { outputText } = ts.transpileModule(this.texts.get(path) ?? readFileSync(path, 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
      fileName: path,
    });
    const body = new Function('require', 'module', 'exports', `${outputText}\n//# sourceURL=${path}`);
    body((name: string) => this.required(name, path), module, module.exports);
    return module.exports;
  }

  private required(name: string, from: string): unknown {
    if (!name.startsWith('.')) return external(name);
    const path = resolve(dirname(from), name.replace(/\.js$/, '.ts'));
    return existsSync(path) ? this.load(path) : external(resolve(dirname(from), name));
  }
}
