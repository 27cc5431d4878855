import { WebSocket } from 'ws';
import { decodeMessage } from '../../dashboard/server/binary-messages.js';
import { socketPath } from '../../dashboard/server/protocol.js';

/** Clients in a process of their own, as browsers are: `deaf` of them never read after the greeting. */
process.once('message', async ({ url, clients, deaf }: { url: string; clients: number; deaf: number }) => {
  const answer = await fetch(url, { redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')!.split(';')[0];
  let steps = 0;
  const sockets = Array.from({ length: clients }, (_, i) => {
    const socket = new WebSocket(`ws://${new URL(url).host}${socketPath}`, { headers: { cookie } });
    socket.on('open', () => socket.send('{"kind":"hello","lastSeq":0}'));
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        if (i < deaf && data.includes('caughtUp')) socket.pause();
        return;
      }
      const frame = decodeMessage(new Uint8Array(data).buffer);
      if (frame.kind === 'steps') steps += frame.steps.method.length;
    });
    return socket;
  });
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('message', resolve))));
  process.send!('ready');
  process.once('message', () => {
    for (const socket of sockets) socket.terminate();
    process.send!({ steps });
    process.disconnect();
  });
});
