import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { Link, type LinkState, type Listener } from '../../../dashboard/page/src/live/link.js';

fc.configureGlobal({ seed: 1 });

/** A link whose sockets and clock are in the test's hands. */
function rehearsal(receive: (data: string | ArrayBuffer) => void = () => {}) {
  const listeners: Listener[] = [];
  const sent: string[] = [];
  const waits: number[] = [];
  const states: (readonly [LinkState, string])[] = [];
  let next: (() => void) | undefined;
  let closed = 0;
  const link = new Link({
    open: (listener) => {
      listeners.push(listener);
      return { send: (text) => sent.push(text), close: () => closed++ };
    },
    hello: () => `hello ${listeners.length}`,
    receive,
    state: (state, reason) => states.push([state, reason]),
    after: (milliseconds, call) => {
      waits.push(milliseconds);
      next = call;
    },
    random: () => 0,
  });
  return {
    link,
    sent,
    waits,
    states,
    closedByUs: () => closed,
    connections: () => listeners.length,
    socket: () => listeners.at(-1)!,
    elapse: () => next!(),
  };
}

describe('Link', () => {
  test('opens with a hello, on every connection anew', () => {
    const { link, sent, socket, elapse, states } = rehearsal();
    expect(link.send('too early')).toBe(false);
    socket().opened();
    socket().closed(1006, '');
    expect(link.send('too late')).toBe(false);
    elapse();
    socket().opened();
    expect(link.send('action')).toBe(true);
    expect(sent).toEqual(['hello 1', 'hello 2', 'action']);
    expect(states.map(([state]) => state)).toEqual(['open', 'reconnecting', 'open']);
  });

  test.prop([fc.integer({ min: 1, max: 30 })])(
    'waits twice as long each time, up to a second and a half',
    (failures) => {
      const { socket, elapse, waits } = rehearsal();
      for (let i = 0; i < failures; i++) {
        socket().closed(1006, '');
        elapse();
      }
      expect(waits).toEqual(Array.from({ length: failures }, (_, i) => Math.min(1_500, 250 * 2 ** i)));
    },
  );

  test('starts with short waits again once something has come', () => {
    const { socket, elapse, waits } = rehearsal();
    socket().closed(1006, '');
    elapse();
    socket().closed(1006, '');
    elapse();
    socket().opened();
    socket().received('news');
    socket().closed(1001, 'server restarts');
    expect(waits).toEqual([250, 500, 250]);
  });

  test('does not come back where the server closed for good, and says why', () => {
    const { socket, states, waits } = rehearsal();
    socket().opened();
    socket().closed(1008, 'Origin not allowed');
    expect(states.at(-1)).toEqual(['refused', 'Origin not allowed']);
    expect(waits).toEqual([]);
  });

  test('gives up on a server it does not understand, and takes in nothing more', () => {
    let received = 0;
    const { socket, states, waits, closedByUs } = rehearsal(() => {
      received++;
      throw new TypeError('message: expected the type 1 or 2, got 7');
    });
    socket().opened();
    socket().received('?');
    socket().received('?');
    socket().closed(1006, '');
    expect(received).toBe(1);
    expect(closedByUs()).toBe(1);
    expect(states.at(-1)![0]).toBe('refused');
    expect(states.at(-1)![1]).toContain('expected the type 1 or 2, got 7');
    expect(waits).toEqual([]);
  });
});
