/**
 * Runs `task` in a macrotask of its own as soon as possible, after sockets and timers had their turn.
 *
 * `setImmediate` where it exists (Node), else a message to oneself: a browser's `setTimeout` would wait 4 ms.
 */
export const macrotask: (task: () => void) => void =
  typeof globalThis.setImmediate === 'function' ? (task) => void setImmediate(task) : messages();

function messages(): (task: () => void) => void {
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => waiting.shift()?.());
  port1.start();
  return (task) => {
    waiting.push(task);
    port2.postMessage(null);
  };
}
