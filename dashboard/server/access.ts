import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

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
  readonly token = randomBytes(32).toString('base64url');
  readonly #session: string;
  readonly #cookie: string;
  readonly #hosts: readonly string[];

  /** @param key what cookies are made of: a later process with the same key and port takes those of this one */
  constructor(port: number, key: Buffer = randomBytes(32)) {
    this.#session = createHmac('sha256', key).update(`fluxion session ${port}`).digest('base64url');
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

  /** Null where the request bears the cookie. */
  session({ headers }: IncomingMessage): Refusal | null {
    for (const part of (headers.cookie ?? '').split(';')) {
      const [name, value] = part.trim().split('=', 2);
      if (name === this.#cookie && value !== undefined && same(value, this.#session)) return null;
    }
    return { status: 401, message: 'Open the whole address that the command printed, with its token.' };
  }

  isToken(token: string): boolean {
    return same(token, this.token);
  }

  /** The value of `Set-Cookie` for one who has shown the token. */
  cookie(): string {
    return `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
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
