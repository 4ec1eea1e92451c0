import { randomUUID } from "node:crypto";
import type { RunningTruewick } from "../../support/truewick.ts";

/** The first demo trader buys one lot at the market, on his demo account; gives the order's id. */
export const buyOne = (server: RunningTruewick, instrument: string): Promise<string> =>
  trade(server, { instrument, side: "buy", lots: "1" });

interface Trade {
  readonly instrument: string;
  readonly side: "buy" | "sell";
  readonly lots: string;
}

/** The same trader's order at the market; gives its id. */
export async function trade(server: RunningTruewick, wanted: Trade): Promise<string> {
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
  const order = { accountId: trader?.demoAccountId, type: "market", ...wanted };
  const placed = await post(
    "orders",
    { ...order, clientOrderId: randomUUID() },
    { Authorization: `Bearer ${accessToken}` },
  );
  return (placed.order as { id: string }).id;
}
