import fc from 'fast-check';
import { float64 } from '../../src/index.js';
import { catalogue } from '../laws/catalogue.js';
import type { Law } from '../laws/law.js';
import { ourOptimizers } from '../subjects/ours.js';
import type { OptimizerSubject } from '../subjects/subject.js';

const methods = ['gradientDescent', 'momentum', 'signDescent', 'rmsprop', 'adam', 'adamw', 'lion'];
const runs = 2_000;
const rounds = 4;
/** Steps of the optimizer in one run up to which a law is told among those of few steps. */
const few = 3;

/**
 * Property runs a second of the laws of methods on vectors of 1 … 5 entries, generation, method and comparison
 * included. By processor time, so that what else the machine does counts little: the fastest of four rounds.
 */
export async function bench(): Promise<void> {
  console.log(
    `property runs a second of processor time (steps a run), the fastest of ${rounds} rounds of ${runs}`,
  );
  const small: number[] = [];
  const all: number[] = [];
  for (const subject of ourOptimizers(float64).filter(({ method }) => methods.includes(method))) {
    const told: string[] = [];
    for (const law of catalogue) {
      if (law.kind !== 'optimizer' || !subject.claims.includes(law.id)) continue;
      const [rate, steps] = [rateOf(law, subject), stepsOf(law, subject)];
      all.push(rate);
      if (steps <= few) small.push(rate);
      told.push(`${law.id} ${Math.round(rate / 1000)}k (${steps.toFixed(1)})`);
    }
    console.log(`  ${subject.method.padEnd(16)} ${told.join(', ')}`);
  }
  console.log(`laws of at most ${few} steps a run: ${spread(small)}; goal 50k`);
  console.log(`all laws of these methods: ${spread(all)}`);
}

function rateOf(law: Law, subject: OptimizerSubject): number {
  let least = Number.POSITIVE_INFINITY;
  for (let seed = 0; seed < rounds; seed++) {
    const { user, system } = process.cpuUsage();
    fc.check(law.property(subject), { seed, numRuns: runs });
    const now = process.cpuUsage();
    least = Math.min(least, now.user - user + now.system - system);
  }
  return (1e6 * runs) / least;
}

/** Steps that the optimizer takes in one run, on average. */
function stepsOf(law: Law, subject: OptimizerSubject): number {
  const tried = 200;
  let steps = 0;
  const create = (options: object) => {
    const made = subject.create(options);
    return {
      ...made,
      step(...of: Parameters<typeof made.step>) {
        steps++;
        return made.step(...of);
      },
    };
  };
  fc.check(law.property({ ...subject, create }), { seed: 1, numRuns: tried });
  return steps / tried;
}

function spread(rates: readonly number[]): string {
  const sorted = [...rates].sort((a, b) => a - b);
  const [least, middle, most] = [0, 0.5, 1].map((q) =>
    Math.round(sorted[Math.floor(q * (sorted.length - 1))] / 1000),
  );
  return `${least}k … ${most}k, median ${middle}k`;
}
