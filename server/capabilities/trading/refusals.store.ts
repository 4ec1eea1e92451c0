import type { Knex } from "knex";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import type { Instrument } from "#core/instrument.ts";
import type { OrderCheck, OrderIntent } from "#core/order.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { newId } from "../../platform/ids.ts";
import type { AccountRow } from "./accounts.store.ts";
import type { ArrivedQuote } from "./ports.ts";

/** An order that was understood, measured and refused. */
export interface RefusedOrder {
  readonly account: AccountRow;
  readonly clientOrderId: string;
  readonly instrument: Instrument;
  readonly intent: OrderIntent;
  readonly quote: ArrivedQuote | undefined;
  readonly code: OrderRefusalCode;
  readonly checks: readonly OrderCheck[];
}

/** Writes what was refused with every check, in one statement. */
export async function insertRefusals(db: Knex, refusals: readonly RefusedOrder[]): Promise<void> {
  if (refusals.length === 0) return;
  await prepared(
    db,
    `INSERT INTO order_refusals (id, tenant_id, trader_id, account_id, book, client_order_id, instrument_id, terms_version, side, type, lots,
       reduce_only, limit_ticks, stop_ticks, take_profit_ticks, stop_loss_ticks, quote_seq, quote_bid_ticks, quote_ask_ticks, code, checks)
     SELECT id, tenant_id, trader_id, account_id, book, client_order_id, instrument_id, terms_version, side, type, lots, reduce_only,
       limit_ticks, stop_ticks, take_profit_ticks, stop_loss_ticks, quote_seq, bid, ask, code, checks
     FROM jsonb_to_recordset(?::jsonb) AS n (id uuid, tenant_id int, trader_id uuid, account_id uuid, book text, client_order_id text,
       instrument_id text, terms_version int, side text, type text, lots bigint, reduce_only boolean, limit_ticks bigint, stop_ticks bigint,
       take_profit_ticks bigint, stop_loss_ticks bigint, quote_seq bigint, bid bigint, ask bigint, code text, checks jsonb)`,
    [JSON.stringify(refusals.map(rowOf), plain)],
  );
}

const rowOf = ({ account, clientOrderId, instrument, intent, quote, code, checks }: RefusedOrder) => ({
  id: newId(),
  tenant_id: account.tenant_id,
  trader_id: account.trader_id,
  account_id: account.id,
  book: account.book,
  client_order_id: clientOrderId,
  instrument_id: instrument.id,
  terms_version: instrument.terms.version,
  side: intent.side,
  type: intent.type,
  lots: intent.lots,
  reduce_only: intent.reduceOnly,
  limit_ticks: intent.limitPrice,
  stop_ticks: intent.stopPrice,
  take_profit_ticks: intent.takeProfit,
  stop_loss_ticks: intent.stopLoss,
  quote_seq: quote?.seq ?? null,
  bid: quote?.bid ?? null,
  ask: quote?.ask ?? null,
  code,
  checks,
});

/** Figures as texts, and without what says nothing. */
const plain = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value === null ? undefined : value;
