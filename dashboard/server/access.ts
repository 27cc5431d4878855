import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Environment } from '../../streams/environment.js';

/** A request that is turned away: an HTTP status and a sentence. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * Who may see a run: whoever has the token of its address, from this machine, in a page of this server.
 *
 * - `Host` is checked against DNS rebinding: another site's name may be made to point to 127.0.0.1.
 * - `Origin`, which browsers send with every WebSocket, against pages of other sites.
 * - The token is exchanged for a cookie that scripts cannot read and other sites' pages do not send.
 */
export class Access {
  readonly token: string;
  /** The token of the address to share: who has it may look, and act on nothing. */
  readonly readOnlyToken: string;
  readonly #session: string;
  readonly #readOnlySession: string;
  readonly #cookie: string;
  readonly #hosts: readonly string[];

  /** @param key what cookies are made of: a later process with the same key and port takes those of this one */
  constructor(port: number, randomBytes: Environment['randomBytes'], key: Uint8Array = randomBytes(32)) {
    [this.token, this.readOnlyToken] = [0, 1].map(() => Buffer.from(randomBytes(32)).toString('base64url'));
    const session = (what: string) => createHmac('sha256', key).update(`${what} ${port}`).digest('base64url');
    this.#session = session('fluxion session');
    this.#readOnlySession = session('fluxion read-only session');
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    this.#cookie = `fluxion-${port}`; // cookies do not tell ports apart
  }

  /** Null where the request comes from this machine and no other site's page. */
  place({ headers }: IncomingMessage): Refusal | null {
    const { host, origin } = headers;
    if (host === undefined || !this.#hosts.includes(host)) {
      return { status: 421, message: `Expected the host ${this.#hosts[0]}.` };
    }
    if (origin !== undefined && origin !== `http://${host}`) {
      return { status: 403, message: 'Pages of other sites have no access.' };
    }
    return null;
  }

  /** Whether the request bears the cookie of those who may act. */
  mayAct(request: IncomingMessage): boolean {
    return this.#cookies(request).some((value) => same(value, this.#session));
  }

  /** Null where the request bears a cookie. */
  session(request: IncomingMessage): Refusal | null {
    const mayLook = this.#cookies(request).some((value) => same(value, this.#readOnlySession));
    if (mayLook || this.mayAct(request)) return null;
    return { status: 401, message: 'Open the whole address that the command printed, with its token.' };
  }

  /** The value of `Set-Cookie` for one who has shown a token; undefined where it is none. */
  cookieFor(token: string): string | undefined {
    const session = same(token, this.token)
      ? this.#session
      : same(token, this.readOnlyToken)
        ? this.#readOnlySession
        : undefined;
    return session && `${this.#cookie}=${session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  #cookies({ headers }: IncomingMessage): string[] {
    const parts = (headers.cookie ?? '').split(';').map((part) => part.trim().split('=', 2));
    return parts.flatMap(([name, value]) => (name === this.#cookie && value !== undefined ? [value] : []));
  }

  /** The headers of every answer. */
  headers(): Record<string, string> {
    const sockets = this.#hosts.map((host) => `ws://${host}`).join(' ');
    return {
      'Content-Security-Policy':
        `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; ` +
        `connect-src 'self' ${sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'Cache-Control': 'no-store',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    };
  }
}

/** Compares in a time that tells nothing about where the texts differ. */
function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
