import { spawn } from 'node:child_process';

/** Opens the address in the user's browser where a person sits at a screen; quietly does nothing elsewhere. */
export function openBrowser(url: string): void {
  const { platform, env, stdout } = process;
  const hasScreen = platform === 'darwin' || platform === 'win32' || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!stdout.isTTY || !hasScreen || env.SSH_CONNECTION || env.CI) return;
  const [command, ...args] =
    platform === 'win32'
      ? ['cmd', '/c', 'start', '""', url.replaceAll('&', '^&')]
      : [platform === 'darwin' ? 'open' : 'xdg-open', url];
  try {
    const opener = spawn(command, args, { stdio: 'ignore', detached: true });
    opener.on('error', () => {}); // the address is printed: it can be opened by hand
    opener.unref();
  } catch {
    // as above
  }
}
