import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface MenuProps {
  readonly title: string;
  readonly class: string;
  readonly children: ComponentChildren;
}

/** A list that opens under its title, and closes by Escape or where something else is pressed. */
export function Menu({ title, class: name, children }: MenuProps) {
  const host = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const away = (event: Event) => {
      if (!host.current?.contains(event.target as Node)) host.current?.removeAttribute('open');
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, []);
  return (
    <details
      class={name}
      ref={host}
      onKeyDown={({ key }) => {
        if (key !== 'Escape') return;
        host.current?.removeAttribute('open');
        host.current?.querySelector('summary')?.focus();
      }}
    >
      <summary>{title}</summary>
      <ul>{children}</ul>
    </details>
  );
}
