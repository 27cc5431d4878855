import { RunRecord } from '../data/run-record.js';
import { liveAddress } from '../live/addresses.js';
import { Feed, message } from '../live/feed.js';
import { Link, type LinkSettings } from '../live/link.js';
import { openSocket } from '../live/open-socket.js';
import { whyRefused } from '../live/why-refused.js';
import { branch } from './branch-form.js';
import { changed, refreshNumbers } from './cadence.js';
import { lookCloser } from './closer.js';
import { send } from './controls.js';
import { slice } from './slices.js';
import { link, record, refusal, standing } from './state.js';

/** Fills the page with a run, and with those that it is compared with, as long as the page is open. */
export function connectToRun(page: URL, run: string | null, others: readonly string[]): void {
  const details = lookCloser((request) => connection.send(message(request)));
  const feed = new Feed(
    record,
    (news) => {
      if (news !== standing.peek()) {
        standing.value = news;
        refreshNumbers();
      }
      changed();
    },
    (summary) => details.receive(summary),
  );
  const live = liveAddress(page, run);
  const connection = new Link({
    ...over(live),
    hello: () => feed.hello(),
    receive: (data) => feed.receive(data),
    state: follow(live),
  });
  send.value = (asked) => {
    feed.asking();
    const what = typeof asked === 'string' ? { action: asked } : ({ action: 'adjust', ...asked } as const);
    connection.send(message({ kind: 'control', ...what }));
  };
  slice.value = (asked) => {
    feed.asking();
    connection.send(message({ kind: 'slice', ...asked }));
  };
  branch.value = (asked) => {
    feed.asking();
    connection.send(message({ kind: 'branch', ...asked }));
  };
  for (const other of others) compareWith(page, other, nameBeside(run, other));
}

/** What every link is made of. */
export function over(address: URL): Pick<LinkSettings, 'open' | 'after' | 'random'> {
  return {
    open: (listener) => openSocket(address, listener),
    after: (milliseconds, call) => setTimeout(call, milliseconds),
    random: Math.random,
  };
}

/** Shows how the page's connection stands, and why there is none, to a run where one is asked for. */
export function follow(live?: URL): LinkSettings['state'] {
  return (state, reason) => {
    link.value = state;
    if (state !== 'reconnecting') refusal.value = reason;
    else {
      void whyRefused(live).then((why) => {
        if (link.value === 'reconnecting') refusal.value = why;
      });
    }
  };
}

/** The methods of another run stand behind this one's, under its name. */
function compareWith(page: URL, path: string, name: string): void {
  const other = new RunRecord(name);
  record.compareWith(other);
  const feed = new Feed(other, changed);
  new Link({
    ...over(liveAddress(page, path)),
    hello: () => feed.hello(),
    receive: (data) => feed.receive(data),
    state: () => {},
  });
}

/** What another run is called beside this one: of a branch, `a-branch` beside `a`, what it has more. */
function nameBeside(run: string | null, other: string): string {
  return run !== null && other.startsWith(`${run}-`) ? other.slice(run.length + 1) : other;
}
