import { effect } from '@preact/signals';

/** Milliseconds that the view has to hold still before the address follows it. */
const patience = 200;

/** Keeps the part of the address behind # in step with what is seen, both ways. */
export function followFragment(written: (others: string) => string, show: (text: string) => void): void {
  const read = () => location.hash.slice(1);
  show(read());
  let waiting: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const text = written(read());
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (text !== read())
        history.replaceState(
          history.state,
          '',
          text === '' ? `${location.pathname}${location.search}` : `#${text}`,
        );
    }, patience);
  });
  addEventListener('hashchange', () => show(read()));
}
