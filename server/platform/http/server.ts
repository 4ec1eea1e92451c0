import http, { type RequestListener, type Server } from "node:http";

/** Limits against slow and greedy clients. The header limit leaves room for the back office's long id lists. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // Longer than proxies keep theirs (60 s is usual): whoever closes first must not be the one who is sent the next request.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 32 * 1024,
};
const connectionsMax = 10_000;
const idleLookMs = 50;

export function createHttpServer(app: RequestListener): Server {
  const server = http.createServer(limits, app);
  server.maxConnections = connectionsMax;
  return server;
}

export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Takes no new connection, lets running requests end, and cuts what is left after `patienceMs`. */
export async function closeServer(server: Server, patienceMs: number): Promise<void> {
  if (!server.listening) return;
  const cut = setTimeout(() => server.closeAllConnections(), patienceMs);
  // A kept-alive connection that falls idle only now would be waited for as long as it may be kept.
  const letGo = setInterval(() => server.closeIdleConnections(), idleLookMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(cut);
  clearInterval(letGo);
}
