#!/usr/bin/env node
import { runCommandLine } from './cli/commands/command-line.js';

const code = await runCommandLine(process.argv.slice(2));
// Native backends and worker threads may hold the process open: leave once everything printed is out.
process.stdout.write('', () => process.exit(code));
