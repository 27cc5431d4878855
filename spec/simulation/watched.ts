import { isDeepStrictEqual } from 'node:util';
import type { RunEvent } from '../../dashboard/record/events.js';
import { closeCodes } from '../../dashboard/server/protocol.js';
import type { SimulatedEnvironment } from './simulated-environment.js';
import type { Viewer } from './viewer.js';
import type { Witness } from './witness.js';

/** Virtual milliseconds in which what has healed has to come to its end. */
export const patience = 200_000;

/** Bytes of short messages that may wait for a client besides: questions whether it is there. */
const allowance = 512;

/**
 * Once nothing goes wrong any more, a page that watches holds the events of the log, in order and each once; whoever
 * was rude was sent away, and connections that died are closed; no client ever had much wait for it.
 *
 * @throws Violation
 */
export async function watched(
  viewer: Viewer,
  events: readonly RunEvent[],
  environment: SimulatedEnvironment,
  witness: Witness,
  place: string,
): Promise<void> {
  const { page } = viewer.world;
  const how = await environment.run(() => viewer.has(events.length), patience, 'all');
  witness.note(`${place} is watched`, { how, has: page.feed.lastSeq, waiting: viewer.network.mostWaiting });
  witness.holds(page.faults.length === 0, () => `the page: ${page.faults[0]}`);
  witness.holds(
    how === 'ended',
    () => `the page has event ${page.feed.lastSeq} of ${events.length}, and no more comes`,
  );
  const differs = Array.from(events, (event, i) => !isDeepStrictEqual(event, page.held[i])).indexOf(true);
  witness.holds(
    differs < 0 && page.held.length === events.length,
    () =>
      `the page holds ${JSON.stringify(page.held[differs])} as its event ${differs + 1}, which the log does not`,
  );
  const alone = await environment.run(() => viewer.isAlone, patience, 'all');
  witness.note(`${place} is left`, { alone, open: viewer.network.open, at: environment.now() });
  witness.holds(alone === 'ended', () => `${viewer.network.open} connections stay open where one is alive`);
  const isLate =
    witness.struck.has('stalledClient') ||
    witness.struck.has('leapingClock') ||
    viewer.visitors.some(({ isFlood }) => isFlood); // a slow machine takes seconds to count what it says
  const others = isLate ? [1006, closeCodes.tooSlow] : []; // given up before it was told why, or not heard in time
  const rude = viewer.visitors.find(({ isRight, ended }) => !isRight && !others.includes(ended!));
  witness.holds(rude === undefined, () => `who '${rude!.visit}' was sent away with ${rude!.ended}`);
  const answers = viewer.strangers.map((answer) => answer());
  witness.holds(
    answers.every((answer) => answer === 'HTTP/1.1 401 Unauthorized'),
    () => `a stranger was answered '${answers}'`,
  );
  const { waiting, beyond } = viewer.network.mostWaiting;
  witness.holds(beyond < viewer.full + allowance, () => `${waiting} bytes waited for a client`);
  if (waiting >= viewer.full) witness.saw('a slow client was waited for, and caught up');
  if (witness.struck.has('lostClient')) witness.saw('a client came again, and missed nothing');
  if (witness.struck.has('deadClient')) witness.saw('a connection that died without a word was given up');
  if (viewer.visitors.length > 0) witness.saw('somebody rude was sent away');
  if (answers.length > 0) witness.saw('a stranger was turned away');
  const closing = viewer.close()!;
  let isClosed = false;
  void closing.then(() => {
    isClosed = true;
  });
  const closed = await environment.run(() => isClosed && viewer.network.open === 0, patience, 'all');
  witness.holds(closed === 'ended', () => 'the server does not close');
}
