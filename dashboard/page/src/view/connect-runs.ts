import { runsAddress } from '../live/addresses.js';
import { Link } from '../live/link.js';
import { RunsFeed, runsMessage } from '../live/runs-feed.js';
import { follow, over } from './connect-run.js';
import { runsKnown, tell } from './runs-state.js';

/** Keeps the list of runs as the server tells it, as long as the page is open. */
export function connectToRuns(page: URL): void {
  const feed = new RunsFeed((known) => {
    runsKnown.value = known;
  });
  const connection = new Link({
    ...over(runsAddress(page)),
    opened: () => feed.open(),
    receive: (data) => feed.receive(String(data)),
    state: follow(),
  });
  tell.value = (message) => connection.send(runsMessage(message));
}
