import { createServer } from 'node:http';
import { realEnvironment } from '../../streams/environment.js';
import { Access } from './access.js';
import { limitConnections } from './open-connections.js';
import { pageFiles } from './page-files.js';
import { answer, listen, type Served } from './serve.js';

/**
 * Serves the files of a folder on 127.0.0.1: a page without secrets, so that its address needs no token and may be
 * kept. Other sites' pages and names are turned away as from a run.
 *
 * @param port 0: any free one
 * @throws PortInUse
 */
export async function serveFiles(folder: string, port: number): Promise<Pick<Served, 'url' | 'close'>> {
  const files = pageFiles(folder);
  let access: Access;
  const server = createServer((request, response) => {
    const refusal = access.place(request);
    if (refusal !== null) return answer(response, access, refusal.status, refusal.message);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(response, access, 405, 'Only GET and HEAD are answered.');
    }
    const file = files.get((request.url ?? '/').split('?', 1)[0]);
    if (file === undefined) return answer(response, access, 404, 'There is no such file.');
    response.writeHead(200, {
      ...access.headers(),
      'Content-Type': file.type,
      'Content-Length': file.bytes.length,
    });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  });
  limitConnections(server);
  const listening = await listen(server, port);
  access = new Access(listening, realEnvironment.randomBytes);
  return {
    url: `http://127.0.0.1:${listening}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
