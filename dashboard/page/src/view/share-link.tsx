import { useSignal } from '@preact/signals';

/** Copies the address to give to others, who may look and act on nothing. */
export function ShareLink({ address }: { readonly address: string }) {
  const done = useSignal('');
  return (
    <button
      type="button"
      title="Copies an address with which others may look, and act on nothing. It works on this machine, or through a tunnel to it."
      onClick={async () => {
        try {
          await navigator.clipboard.writeText(address);
          done.value = 'Copied';
        } catch {
          done.value = address; // to be copied by hand
        }
      }}
    >
      {done.value || 'Share'}
    </button>
  );
}
