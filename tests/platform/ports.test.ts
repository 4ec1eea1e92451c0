import net from "node:net";
import { expect, test } from "@jest/globals";
import { freePort, portProblem } from "../../server/platform/embedded/ports.ts";

test("a free port can be listened on, and no outgoing connection is ever given it", async () => {
  const firstOfOutgoingConnections = 32_768;
  for (let look = 0; look < 20; look++) {
    const port = await freePort();
    expect(port).toBeLessThan(firstOfOutgoingConnections);
    expect(await portProblem("127.0.0.1", port)).toBeNull();
  }
});

test("a port that somebody listens on is told with the reason", async () => {
  const port = await freePort();
  const holder = net.createServer();
  await new Promise<void>((resolve) => holder.listen(port, "127.0.0.1", resolve));
  expect(await portProblem("127.0.0.1", port)).toBe("EADDRINUSE");
  await new Promise((resolve) => holder.close(resolve));
});
