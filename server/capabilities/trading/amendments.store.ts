import type { Knex } from "knex";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import type { OrderCheck, OrderIntent } from "#core/order.ts";
import { newId } from "../../platform/ids.ts";
import type { ArrivedQuote } from "./ports.ts";

/** A decision about what a working order is to become. */
export interface DecidedAmendment {
  readonly orderId: string;
  readonly intent: OrderIntent;
  readonly quote: ArrivedQuote | undefined;
  /** Null: it was changed. */
  readonly code: OrderRefusalCode | null;
  readonly checks: readonly OrderCheck[];
}

/** Writes it with every check, for the log of decisions. */
export async function insertAmendment(
  db: Knex,
  { orderId, intent, quote, code, checks }: DecidedAmendment,
): Promise<void> {
  const text = (value: bigint | null | undefined): string | null => value?.toString() ?? null;
  await db("order_amendments").insert({
    id: newId(),
    order_id: orderId,
    lots: intent.lots.toString(),
    limit_ticks: text(intent.limitPrice),
    stop_ticks: text(intent.stopPrice),
    quote_seq: text(quote?.seq),
    quote_bid_ticks: text(quote?.bid),
    quote_ask_ticks: text(quote?.ask),
    code,
    checks: JSON.stringify(checks),
  });
}
