import { randomUUID } from "node:crypto";
import type { Knex } from "knex";

/** A filled order of two lots with its fill and position, as settlement writes them. */
export async function makeTrade(db: Knex, of: TradeOf): Promise<{ orderId: string }> {
  const made = await makeFill(db, of);
  const owner = { tenant_id: of.tenantId, trader_id: of.traderId, account_id: of.accountId, book: "demo" };
  await db("positions")
    .insert({ ...owner, instrument_id: "MES", terms_version: 1, lots: 2, cost_ticks: 42_002, margin_minor: 480_000 })
    .onConflict(["account_id", "instrument_id"])
    .ignore();
  return made;
}

interface TradeOf {
  readonly tenantId: number;
  readonly traderId: string;
  readonly accountId: string;
}

/** The order and its fill alone. */
export async function makeFill(db: Knex, of: TradeOf): Promise<{ orderId: string }> {
  const orderId = randomUUID();
  const owner = { tenant_id: of.tenantId, trader_id: of.traderId, account_id: of.accountId, book: "demo" };
  const quote = {
    quote_seq: 7,
    quote_bid_ticks: 21_000,
    quote_ask_ticks: 21_001,
    quote_venue_at: new Date(),
    quote_received_at: new Date(),
  };
  const what = { instrument_id: "MES", terms_version: 1, side: "buy", lots: 2 };
  await db("orders").insert({
    ...owner,
    ...quote,
    ...what,
    id: orderId,
    client_order_id: orderId,
    body_hash: Buffer.from("00", "hex"),
    type: "market",
    state: "filled",
    filled_lots: 2,
    average_fill_ticks: 21_001,
    accepted_at: db.raw("now()"),
    done_at: db.raw("now() + interval '25 milliseconds'"),
  });
  await db("fills").insert({
    ...owner,
    ...quote,
    ...what,
    order_id: orderId,
    price_ticks: 21_001,
    realized_pnl_minor: -250,
    fee_minor: 124,
    currency: "USD",
    currency_scale: 2,
    group_id: randomUUID(),
    position_lots_after: 2,
  });
  return { orderId };
}
