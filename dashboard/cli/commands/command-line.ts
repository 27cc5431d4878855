import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError, Option as Flag } from 'commander';
import { DiskError, diskError } from '../../record/disk/disk-error.js';
import { sliceDirections } from '../../record/events.js';
import { checkCounts, counts, flagOf, mutantCounts } from '../arguments/counts.js';
import { Misuse } from '../arguments/misuse.js';
import { placeInModule } from '../race/module-place.js';
import { helpWidth } from '../terminal/help-text.js';
import { exitCodes } from './exit-codes.js';
import { checkNotes, learnNotes, programNotes, raceNotes } from './help-notes.js';

/** Runs one command and returns its exit code. Everything but a command's own output goes to stderr. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = describeCommands((result) => (code = result));
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.done : exitCodes.misuse; // commander has said why
    }
    if (error instanceof Misuse) {
      process.stderr.write(`${error.message}${placeInModule(error)}\n`);
      return exitCodes.misuse;
    }
    const refused = diskError(error);
    if (refused instanceof DiskError) {
      process.stderr.write(`fluxion: ${refused.message}\n`);
      return exitCodes.failure;
    }
    process.stderr.write(`fluxion: ${error instanceof Error ? error.stack : String(error)}\n`);
    return exitCodes.failure;
  }
}

/** The version in the package's own description, which lies above this file whether it is built or not. */
function version(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (name === 'fluxion') return version;
    } catch {} // not here
    if (folder === dirname(folder)) return 'unknown';
  }
}

/** In how narrow a terminal flags and what they mean still stand side by side. */
const help = {
  minWidthToWrap: 24,
  get helpWidth() {
    return helpWidth();
  },
};

/** The commands and what `--help` teaches. What a command needs is loaded when it runs. */
function describeCommands(finish: (code: number) => void): Command {
  const program = new Command('fluxion')
    .description('Compose optimizers, race them on one problem, watch them live.')
    .version(version(), '--version', 'the version')
    .exitOverride()
    .showHelpAfterError('(add --help for what there is)')
    .configureHelp(help)
    .addHelpText('after', () => programNotes());

  program
    .command('race')
    .summary('train or minimise one problem with several methods side by side')
    .description(
      'Runs several methods side by side on one problem, from the same start and on the same batches, and shows ' +
        'them live in a browser.',
    )
    .argument(
      '[problem]',
      'mnist, autoencoder, cifar10, a test function by name, or a module of yours (.ts, .js, .mjs) by its path; left out with --resume unless a module was moved',
    )
    .option('--methods <list>', "the methods, for example 'gradientDescent(learningRate=0.1),bfgs'")
    .addOption(flagOf('--steps <count>', counts.steps))
    .addOption(flagOf('--seed <number>', counts.seed))
    .addOption(flagOf('--seeds <count>', counts.seeds))
    .addOption(flagOf('--target <loss>', counts.target))
    .addOption(flagOf('--batch <size>', counts.batch))
    .option('--backend <name>', 'where TensorFlow.js computes (see fluxion doctor)')
    .option(
      '--look <list>',
      'what else is measured where a model is evaluated: layers, histograms, spectrum, or all',
    )
    .option('--out <dir>', 'the folder of the record (default: runs/<time>-<problem>)')
    .option(
      '--plot <file>',
      'a picture of the race: contours, paths and convergence, or training losses (.svg or .png)',
    )
    .option('--as-published', 'cifar10 with the errors of the code it was published with')
    .option('--resume <dir>', 'go on with the race recorded there, bit for bit; with --steps to more steps')
    .option(
      '--from <checkpoint>',
      'a new race from a checkpoint of another, such as runs/a/checkpoints/adam.safetensors',
    )
    .addOption(flagOf('--port <number>', counts.port))
    .option('--json', 'one JSON object a line on stdout, the result last')
    .option('--no-open', 'open no browser, and end when the race ends')
    .addHelpText('after', () => raceNotes())
    .action(async (problem: string | undefined, options) => {
      const { raceCommand } = await import('./race.js');
      finish(await raceCommand(problem, options));
    });

  program
    .command('watch')
    .summary('show a recorded race, or one that is running in another process')
    .description(
      'Shows the record of a race in the browser and follows it while it grows, or all runs in a folder: a list to ' +
        'search, label and compare. Ctrl-C ends.',
    )
    .argument('[dir]', 'the folder of the record, or one that holds such folders', 'runs')
    .addOption(flagOf('--port <number>', counts.port))
    .option(
      '--terminal',
      'in the terminal, with the course of each method as a line; of several the latest run',
    )
    .option('--no-open', 'open no browser')
    .action(async (dir: string, options) => {
      const { watchCommand } = await import('./watch.js');
      finish(await watchCommand(dir, options));
    });

  program
    .command('log')
    .summary('record the numbers of a loop that is not ours')
    .description(
      'Records what stands on standard input, an object of numbers a line, such as {"step": 0, "loss": 0.5, ' +
        '"accuracy": 0.1, "lr": 0.01}, and shows it live; docs/record.md tells what the names mean.',
    )
    .argument('<name>', 'as the run is called')
    .option('--names <list>', 'names that the first line does not have yet, with commas between them')
    .addOption(flagOf('--steps <count>', { ...counts.steps, meaning: 'the most steps it will take' }))
    .addOption(flagOf('--batch <size>', { ...counts.steps, meaning: 'examples that a step sees' }))
    .option('--out <dir>', 'the folder of the record (default: runs/<time>-<name>)')
    .addOption(flagOf('--port <number>', counts.port))
    .option('--no-open', 'open no browser')
    .action(async (name: string, options) => {
      const { logCommand } = await import('./log.js');
      finish(await logCommand(name, options));
    });

  program
    .command('export')
    .summary('all numbers of a record, for other tools')
    .description(
      'Writes all that a race measured into a file: a table with a row an event (csv, parquet), the events as they ' +
        'are (jsonl), or a folder of event files that TensorBoard reads, one a method.',
    )
    .argument('[dir]', 'the folder of the record, or one that holds such folders: then the latest', 'runs')
    .addOption(
      new Flag('--format <name>', 'of what is written')
        .choices(['csv', 'jsonl', 'parquet', 'tensorboard'])
        .default('csv'),
    )
    .option(
      '--out <path>',
      "the file, or TensorBoard's folder; - prints (default: named by the record, here)",
    )
    .action(async (dir: string, options) => {
      const { exportCommand } = await import('./export.js');
      finish(exportCommand(dir, options));
    });

  program
    .command('slice')
    .summary('the loss around a checkpoint, on a plane')
    .description(
      'Computes the loss of a model on a plane around a checkpoint, along the last update or the leading eigenvectors ' +
        "of the Hessian, with the method's way in it, and adds it to the record: the page shows it.",
    )
    .argument('<checkpoint>', 'a checkpoint of a race, such as runs/a/checkpoints/adam.safetensors')
    .addOption(
      new Flag('--along <directions>', 'of the plane').choices([...sliceDirections]).default('update'),
    )
    .addOption(
      flagOf('--side <count>', { ...counts.steps, meaning: 'samples along a side' }).default(25, '25'),
    )
    .option('--json', 'print it as one JSON object, and leave the record as it is')
    .action(async (file: string, options) => {
      const { sliceCommand } = await import('./slice.js');
      finish(await sliceCommand(file, options));
    });

  program
    .command('learn')
    .summary('second-order methods step by step, on a page that computes them itself')
    .description(
      'Opens a page of lessons: pick a function or type one, click a start, and see every step of the methods. ' +
        'Ctrl-C ends.',
    )
    .option('--out <dir>', 'write the page to this folder instead: it needs no server')
    .addOption(flagOf('--port <number>', counts.port))
    .option('--no-open', 'open no browser')
    .addHelpText('after', () => learnNotes())
    .action(async (options) => {
      const { learnCommand } = await import('./learn.js');
      finish(await learnCommand(options));
    });

  program
    .command('doctor')
    .summary('what TensorFlow.js can compute with on this machine')
    .description(
      'Lists each backend: whether it is available, what to do where it is not, and how fast it is.',
    )
    .option('--json', 'as JSON')
    .option('--fix', 'make the native backend where its package cannot be installed (linux-x64)')
    .option('--yes', 'with --fix: without a question')
    .action(async (options) => {
      const { doctorCommand } = await import('./doctor.js');
      finish(await doctorCommand(options));
    });

  program
    .command('check')
    .summary("hold an optimizer of yours, or anybody's, against laws")
    .description(
      'Holds an optimizer against the laws that every optimizer must obey or, with --claims, those of the method it ' +
        'says it is. What breaks one is shown on the smallest example. Without a claim it shows its traits and which ' +
        'methods it behaves like. Exit code 0 if all hold, 1 if one is broken, 2 on a mistake in what was asked for.',
    )
    .argument('[module]', 'a module of yours (.ts, .js, .mjs) that exports an optimizer by default')
    .option(
      '--command <command>',
      'in its place, a command that answers on a pipe, for example python mine.py',
    )
    .option('--claims <method>', 'the method it says it is, for example adam')
    .option('--options <list>', "the options it works with, for example 'learningRate=0.001,beta1=0.9'")
    .addOption(flagOf('--seed <number>', checkCounts.seed))
    .addOption(flagOf('--runs <count>', checkCounts.runs))
    .option('--laws <list>', 'laws and traits by their ids, for example 49,50')
    .option('--html <file>', 'writes a page with plots, which needs nothing but itself')
    .option('--replay <path>', 'begins at a sample of an earlier check, with the --laws and --seed it was of')
    .option('--json', 'one JSON object a line on stdout, the result last')
    .addHelpText('after', () => checkNotes())
    .action(async (module: string | undefined, options) => {
      const { checkCommand } = await import('./check.js');
      finish(await checkCommand(module, options));
    });

  program
    .command('mutants')
    .summary('known mistakes in optimizers, each with the law that finds it')
    .description(
      'Makes known mistakes again, tries on each the law that should find it, and shows after how many samples it ' +
        'did and on which smallest one. Exit code 1 if one is not found.',
    )
    .argument(
      '[name...]',
      'mistakes by name, or all whose names begin so, for example adam; all where none is given',
    )
    .addOption(flagOf('--seed <number>', mutantCounts.seed))
    .addOption(flagOf('--runs <count>', mutantCounts.runs))
    .option('--json', 'one JSON object a line on stdout, the result last')
    .action(async (names: readonly string[], options) => {
      const { seed, runs } = mutantCounts;
      const { mutantsCommand } = await import('./mutants.js');
      finish(await mutantsCommand(names, { seed: seed.default, runs: runs.default, ...options }));
    });

  describeRuns(program.command('runs'), finish);

  for (const command of program.commands) {
    for (const one of [command, ...command.commands]) one.exitOverride().configureHelp(help);
  }
  return program;
}

function describeRuns(runs: Command, finish: (code: number) => void): void {
  const loaded = () => import('./runs.js');
  const several = (value: string, before: string[] = []) => [...before, value];
  runs
    .summary('the runs in a folder: find, name, tag, archive, delete and restore them')
    .description(
      'Lists the runs in a folder with their outcomes, best values, and the options in which they differ.',
    );
  runs
    .command('list', { isDefault: true })
    .summary('the table; what `fluxion runs` does')
    .description('Lists the runs below a folder, the newest first.')
    .argument('[folder]', 'the folder that holds them', 'runs')
    .option(
      '--search <words>',
      'those in which every word occurs: in name, folder, problem, methods, tags, notes, outcome; #word among the tags',
    )
    .option('--all', 'archived ones too')
    .option('--deleted', 'those that were deleted and can be restored')
    .option('--json', 'one JSON object a run and line')
    .action(async (folder: string, options) => finish((await loaded()).runsCommand(folder, options)));
  runs
    .command('label')
    .summary('name a run, tag it, note something, archive it')
    .argument('<run>', 'its folder')
    .option('--name <text>', 'as it is called in lists')
    .option('--tag <word>', 'adds a tag; may stand several times', several)
    .option('--untag <word>', 'takes a tag away', several)
    .option('--note <text>', 'what there is to remember of it')
    .option('--archive', 'leaves it out of lists')
    .option('--unarchive', 'takes it in again')
    .action(async (run: string, options) => finish((await loaded()).labelCommand(run, options)));
  runs
    .command('delete')
    .summary('take runs out of the list; they can be restored')
    .argument('<run...>', 'their folders')
    .action(async (paths: string[]) => finish((await loaded()).deleteCommand(paths)));
  runs
    .command('restore')
    .summary('take back what was deleted')
    .argument('<run...>', 'the folders as they were')
    .action(async (paths: string[]) => finish((await loaded()).restoreCommand(paths)));
  runs
    .command('empty')
    .summary('delete for good what was deleted before')
    .argument('[folder]', 'the folder that holds the runs', 'runs')
    .action(async (folder: string) => finish((await loaded()).emptyCommand(folder)));
}
