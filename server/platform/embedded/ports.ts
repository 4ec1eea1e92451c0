import { randomInt } from "node:crypto";
import net from "node:net";

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): one of those may be gone to
 * anybody's connection between the look and the use, and again whenever the server on it is restarted.
 */
const firstPort = 20_000;
const lastPort = 32_767;
const triesMax = 200;

/** A TCP port on loopback that is free now; whoever takes it must be ready to try again. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = randomInt(firstPort, lastPort + 1);
    if ((await portProblem("127.0.0.1", port)) === null) return port;
  }
  throw new Error(`no port between ${firstPort} and ${lastPort} is free, of ${triesMax} looked at`);
}

/** Why `host:port` cannot be listened on (EADDRINUSE, EACCES, EADDRNOTAVAIL …), or null when it can. */
export async function portProblem(host: string, port: number): Promise<string | null> {
  const server = net.createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
