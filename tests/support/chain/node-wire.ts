import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What is said of transactions: handing one over, and asking what became of it. */
const ofTransactions = /"eth_(sendRawTransaction|getTransaction\w+)"/;

/**
 * Stands in front of a chain's node and may keep what it answers about transactions to itself: the node does what it is told, and nobody
 * hears of it.
 */
export async function nodeWire(rpcUrl: string) {
  const behaviour: { is: "up" | "mute" } = { is: "up" };
  let swallowed = 0;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    try {
      const headers = { "content-type": "application/json" };
      const asked = Buffer.concat(parts);
      const answer = await fetch(rpcUrl, { method: "POST", headers, body: asked });
      const body = Buffer.from(await answer.arrayBuffer());
      const isHeard = behaviour.is === "up" || !ofTransactions.test(asked.toString());
      if (isHeard) return void response.writeHead(answer.status, headers).end(body);
      swallowed += 1;
    } catch {
      // The node is gone: that is no answer either.
    }
    response.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviour,
    /** Answers that were given and not heard. */
    swallowed: (): number => swallowed,
    close: (): Promise<void> => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

export type NodeWire = Awaited<ReturnType<typeof nodeWire>>;
