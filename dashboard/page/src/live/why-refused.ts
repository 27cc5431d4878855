/**
 * Why a server that is there takes no connection, in a sentence; '' where there is none, or no reason is known.
 *
 * @param live where a run was asked for: a browser does not tell what was answered to that, a request for it does
 */
export async function whyRefused(live?: URL): Promise<string> {
  try {
    const { status, text } = await (live === undefined ? asked('./', 'HEAD') : asked(overHttp(live), 'GET'));
    if (status === 401)
      return 'Another process serves this address now: open the one that its command printed, with its token.';
    return status === 404 || status === 409 ? text : '';
  } catch {
    return ''; // nothing is there
  }
}

async function asked(address: URL | string, method: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(address, { method, cache: 'no-store' });
  return { status: answer.status, text: (await answer.text()).trim() };
}

function overHttp(live: URL): URL {
  const address = new URL(live);
  address.protocol = live.protocol === 'wss:' ? 'https:' : 'http:';
  return address;
}
