#!/usr/bin/env node
import { runCommandLine } from './cli/commands/command-line.js';

// Whoever read the output may have gone (`| head`): what runs goes on to its usual end, unheard.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const code = await runCommandLine(process.argv.slice(2));
// Native backends and worker threads may hold the process open: leave once everything printed is out.
if (process.stdout.destroyed) process.exit(code);
else process.stdout.write('', () => process.exit(code));
