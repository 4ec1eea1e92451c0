import { randomUUID } from "node:crypto";
import type { RunningTruewick } from "../../support/truewick.ts";

/** The first demo trader buys one lot at the market, on his demo account; gives the order's id. */
export async function buyOne(server: RunningTruewick, instrument: string): Promise<string> {
  const [trader] = server.credentials.traders;
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const reply = await fetch(`${server.url}/api/trading/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${path} was refused: ${await reply.text()}`);
    return reply.json() as Promise<Record<string, unknown>>;
  };
  const { accessToken } = await post("session", { email: trader?.email, password: trader?.password });
  const order = { accountId: trader?.demoAccountId, instrument, side: "buy", type: "market", lots: "1" };
  const placed = await post(
    "orders",
    { ...order, clientOrderId: randomUUID() },
    { Authorization: `Bearer ${accessToken}` },
  );
  return (placed.order as { id: string }).id;
}
