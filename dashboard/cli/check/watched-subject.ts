import { flat, type Optimizer, type Subject } from '../../../spec/index.js';
import type { Heartbeat } from './heartbeat.js';
import type { OutsideWorld } from './outside-world.js';

/** The same subject, every call of which is noted in the heartbeat and watched from outside. */
export function watched(subject: Subject, heartbeat: Heartbeat, world: OutsideWorld): Subject {
  if (subject.kind === 'optimizer') {
    const { create } = subject;
    return { ...subject, create: (options: object) => watchedOptimizer(create(options), heartbeat, world) };
  }
  if (subject.kind !== 'solver') {
    const { scope } = subject;
    // Of a part it is noted that a sample is being tried, not which of its functions is called.
    return {
      ...subject,
      scope: (body) => heartbeat.during([], [], () => world.during(() => scope(body))),
    };
  }
  const { trace } = subject;
  return {
    ...subject,
    trace: (...given: Parameters<typeof trace>) =>
      heartbeat.during(given[1], [], () => world.during(() => trace(...given))),
  };
}

function watchedOptimizer(optimizer: Optimizer, heartbeat: Heartbeat, world: OutsideWorld): Optimizer {
  return {
    ...optimizer,
    init: (parameters) =>
      heartbeat.during(flat(parameters), [], () => world.during(() => optimizer.init(parameters))),
    step: (state, moment) =>
      heartbeat.during(flat(moment.parameters), flat(moment.gradient), () =>
        world.during(() => optimizer.step(state, moment)),
      ),
  };
}
