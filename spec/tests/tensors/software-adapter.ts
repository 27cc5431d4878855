import { existsSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * Lets Dawn find the graphics card in software that Debian's chromium has beside it (SwiftShader), where it is: the
 * loader of Vulkan is looked for by its name among what the process has loaded, and takes drivers from the environment.
 */
export function addSoftwareAdapter(folder = '/usr/lib/chromium'): void {
  const loader = `${folder}/libvulkan.so.1`;
  if (!existsSync(loader)) return;
  process.env.VK_ICD_FILENAMES ??= `${folder}/vk_swiftshader_icd.json`;
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  const staysLoaded = 0x1000; // RTLD_NODELETE
  try {
    process.dlopen({ exports: {} }, loader, RTLD_NOW | RTLD_GLOBAL | staysLoaded);
  } catch {
    // It is no module of Node's, and is loaded all the same.
  }
}
