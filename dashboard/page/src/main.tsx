import { effect } from '@preact/signals';
import { render } from 'preact';
import './style/base.css';
import './style/header.css';
import './style/toolbar.css';
import './style/panels.css';
import './style/landscape.css';
import './style/tables.css';
import './style/pipelines.css';
import { socketPath } from '../../server/protocol.js';
import { Feed, message } from './live/feed.js';
import { Link } from './live/link.js';
import { openSocket } from './live/open-socket.js';
import { whyRefused } from './live/why-refused.js';
import { followAddress } from './view/address.js';
import { App } from './view/app.js';
import { changed, refreshNumbers } from './view/cadence.js';
import { lookCloser } from './view/closer.js';
import { send } from './view/controls.js';
import { link, record, refusal, standing, theme } from './view/state.js';

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

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

const address = new URL(socketPath, location.href);
address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const connection = new Link({
  open: (listener) => openSocket(address, listener),
  hello: () => feed.hello(),
  receive: (data) => feed.receive(data),
  state: (state, reason) => {
    link.value = state;
    refusal.value = reason;
    if (state !== 'reconnecting') return;
    void whyRefused().then((why) => {
      if (link.value === 'reconnecting') refusal.value = why;
    });
  },
  after: (milliseconds, call) => setTimeout(call, milliseconds),
  random: Math.random,
});

send.value = (action) => connection.send(message({ kind: 'control', action }));

followAddress();
render(<App />, document.getElementById('page')!);
