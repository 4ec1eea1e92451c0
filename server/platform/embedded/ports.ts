import net from "node:net";

/** A TCP port on loopback that is free now; whoever takes it must be ready to try again. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error(`no port in ${String(address)}`);
  return address.port;
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
