/** Why a server that is there takes no connection, in a sentence; '' where there is none, or no reason is known. */
export async function whyRefused(): Promise<string> {
  try {
    const { status } = await fetch('./', { method: 'HEAD', cache: 'no-store' });
    return status === 401
      ? 'Another process serves this address now: open the one that its command printed, with its token.'
      : '';
  } catch {
    return ''; // nothing is there
  }
}
