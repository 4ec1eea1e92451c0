import type { Knex } from "knex";
import type { MarginStage } from "#contracts/names.ts";
import type { MarginLevel } from "#core/ladder.ts";
import type { AccountRow } from "../trading/index.ts";
import type { LadderHoldingState } from "./ladder.store.ts";
import { type Marks, markOf } from "./weigh.ts";

/** One thing the ladder did to an account. `level` is that before it. */
export interface MarginEvent {
  readonly account: AccountRow;
  readonly kind: "stage" | "orders-cancelled" | "position-closed" | "fee";
  readonly before: MarginStage;
  readonly after: MarginStage;
  readonly level: MarginLevel;
  readonly instrumentId?: string;
  readonly lots?: bigint;
  readonly orderId?: string | undefined;
  readonly amount?: bigint;
  /** What it held. */
  readonly holdings: readonly LadderHoldingState[];
}

/** Writes events in one statement, in their order. */
export async function writeMarginEvents(db: Knex, events: readonly MarginEvent[], marks: Marks): Promise<void> {
  if (events.length === 0) return;
  await db.raw(
    `INSERT INTO margin_events (tenant_id, trader_id, account_id, book, currency, currency_scale, kind, stage_before, stage_after,
       equity_minor, required_minor, instrument_id, lots, order_id, amount_minor, quotes)
     SELECT a.tenant_id, a.trader_id, a.id, a.book, a.currency, a.currency_scale, n.kind, n.before, n.after, n.equity, n.required,
       nullif(n.instrument, ''), nullif(n.lots, '')::bigint, nullif(n.order_id, '')::uuid, nullif(n.amount, '')::bigint, n.quotes
     FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
       ?::jsonb[]) WITH ORDINALITY AS n (id, kind, before, after, equity, required, instrument, lots, order_id, amount, quotes, place)
     JOIN accounts a ON a.id = n.id ORDER BY n.place`,
    [
      events.map(({ account }) => account.id),
      events.map(({ kind }) => kind),
      events.map(({ before }) => before),
      events.map(({ after }) => after),
      events.map(({ level }) => level.equity.toString()),
      events.map(({ level }) => level.required.toString()),
      events.map(({ instrumentId = "" }) => instrumentId),
      events.map(({ lots }) => lots?.toString() ?? ""),
      events.map(({ orderId = "" }) => orderId),
      events.map(({ amount }) => amount?.toString() ?? ""),
      events.map(({ holdings }) => JSON.stringify(quotesOf(holdings, marks))),
    ],
  );
}

/** The prices it was weighed by. */
function quotesOf(holdings: readonly LadderHoldingState[], marks: Marks): object {
  return Object.fromEntries(
    holdings.flatMap((holding) => {
      const mark = markOf(holding, marks);
      if (mark === null) return [];
      const { seq, bid, ask } = mark;
      return [[holding.instrumentId, { seq: seq.toString(), bid: bid.toString(), ask: ask.toString() }]];
    }),
  );
}

/** Puts accounts on their stages, in one statement. */
export async function writeStages(
  db: Knex,
  changes: readonly { readonly accountId: string; readonly stage: MarginStage }[],
): Promise<void> {
  if (changes.length === 0) return;
  await db.raw(
    `UPDATE accounts a SET margin_stage = n.stage, margin_stage_at = clock_timestamp()
     FROM unnest(?::uuid[], ?::text[]) AS n (id, stage) WHERE a.id = n.id`,
    [changes.map(({ accountId }) => accountId), changes.map(({ stage }) => stage)],
  );
}
