import type { IncomingMessage } from "node:http";

const loopback = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/**
 * Whether a page may open a socket: CORS does not guard WebSocket, so the Origin is checked here. A client without an Origin
 * is no browser; "null" (a sandboxed page) never may.
 */
export function mayConnect(request: IncomingMessage, allowedOrigin: (origin: string) => boolean): boolean {
  const { origin } = request.headers;
  return origin === undefined || isOwnOrigin(request) || (origin !== "null" && allowedOrigin(origin));
}

/** The page came from this very host. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/** Counts open sockets by address. The machine's own connections (a reverse proxy, a test) are not counted. */
export function addressCounter(max: number) {
  const open = new Map<string, number>();
  return {
    /** False when the address holds as many as it may. */
    take: (address: string): boolean => {
      if (loopback.has(address)) return true;
      const held = open.get(address) ?? 0;
      if (held >= max) return false;
      open.set(address, held + 1);
      return true;
    },
    giveBack: (address: string): void => {
      const held = open.get(address);
      if (held === undefined) return;
      if (held <= 1) open.delete(address);
      else open.set(address, held - 1);
    },
  };
}
