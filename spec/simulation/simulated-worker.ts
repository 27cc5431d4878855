import type { Random, Work } from '../../src/index.js';
import type { Workplace } from '../../streams/index.js';
import type { Faults } from './faults.js';
import type { SimulatedEnvironment } from './simulated-environment.js';

/** Milliseconds: what a work takes at most, and what a late one takes. */
const usual = 20;
const late = 60_000;

/** A thread for long works that answers when the environment says, or late, or never. */
export function simulatedWorker(
  environment: SimulatedEnvironment,
  random: Random,
  faults: Faults,
  works: readonly Work[],
): Workplace {
  let isDead = false;
  return {
    work(name, request) {
      const work = works.find((one) => one.name === name);
      if (work === undefined) return Promise.reject(new Error(`no work '${name}'`));
      isDead ||= faults.strikes('deadWorker');
      const milliseconds = faults.strikes('lateWorker')
        ? late * faults.share('lateWorker')
        : usual * random.uniform();
      return new Promise((resolve, reject) => {
        const answer = () =>
          isDead ? reject(new Error('the thread has ended')) : resolve(work.run(request));
        environment.timer(milliseconds, answer);
      });
    },
    close() {
      isDead = true;
    },
  };
}
