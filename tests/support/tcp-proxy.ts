import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A wire that a test can cut: connections to `port` reach the target until `cut`, and again after `mend`. */
export interface TcpProxy {
  readonly port: number;
  readonly cut: () => void;
  readonly mend: () => void;
  /** The connection that the target sees coming from this port goes silent for good, and neither end is told. */
  readonly freeze: (seenPort: number) => void;
  readonly close: () => Promise<void>;
}

export async function tcpProxy(host: string, port: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(port, host);
    pairs.add({ near, far });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const destroyAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true;
      destroyAll();
    },
    freeze: (seenPort) => {
      for (const { near, far } of pairs)
        if (far.localPort === seenPort) {
          near.unpipe(far);
          far.unpipe(near);
          near.resume();
          far.resume();
        }
    },
    mend: () => {
      isCut = false;
    },
    close: () => {
      destroyAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
