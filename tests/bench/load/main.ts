import { type LoadClient, openClient } from "./client.ts";
import { generate } from "./generate.ts";
import type { Command, Reply } from "./messages.ts";

/** The load's own process: connects traders and sends orders as its parent says. Ends when the parent does. */
const connectsAtOnce = 100;
let clients: LoadClient[] = [];

process.on("message", (command: Command) => {
  obey(command).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ ok: false, problem: String(error) } satisfies Reply),
  );
});
process.on("disconnect", () => process.exit());

async function obey(command: Command): Promise<Reply> {
  if (command.do === "load") return { ok: true, report: await generate(clients, command) };
  for (let first = 0; first < command.traders.length; first += connectsAtOnce) {
    const some = command.traders.slice(first, first + connectsAtOnce);
    clients = [...clients, ...(await Promise.all(some.map((trader) => openClient(command.url, trader))))];
  }
  return { ok: true, report: null };
}
