import { useSignal } from '@preact/signals';

/** The address that shows others what is seen here: `address` has the token, this page's own the run and the view. */
function shared(address: string): string {
  const url = new URL(address);
  for (const [name, value] of new URLSearchParams(location.search)) url.searchParams.append(name, value);
  url.hash = location.hash;
  return url.href;
}

/** Copies the address to give to others, who may look and act on nothing. */
export function ShareLink({ address }: { readonly address: string }) {
  const done = useSignal('');
  return (
    <button
      type="button"
      title="Copies an address with which others see what you see, and act on nothing. It works on this machine, or through a tunnel to it."
      onClick={async () => {
        const link = shared(address);
        try {
          await navigator.clipboard.writeText(link);
          done.value = 'Copied';
        } catch {
          done.value = link; // to be copied by hand
        }
      }}
    >
      {done.value || 'Share'}
    </button>
  );
}
