import type { Knex } from "knex";
import type { MarginStage } from "#contracts/names.ts";
import type { MarginLevel } from "#core/ladder.ts";
import { prepared } from "../../platform/db/prepared.ts";
import type { AccountRow } from "../trading/index.ts";
import type { LadderHoldingState, MarkQuote } from "./ladder.store.ts";
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
  const quotes = quotesBy(marks);
  await prepared(
    db,
    `INSERT INTO margin_events (tenant_id, trader_id, account_id, book, currency, currency_scale, kind, stage_before, stage_after,
       equity_minor, required_minor, instrument_id, lots, order_id, amount_minor, quotes)
     SELECT n.tenant, n.trader, n.id, n.book, n.currency, n.scale, n.kind, n.before, n.after, n.equity, n.required,
       nullif(n.instrument, ''), nullif(n.lots, '')::bigint, nullif(n.order_id, '')::uuid, nullif(n.amount, '')::bigint, n.quotes
     FROM unnest(?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::smallint[], ?::text[], ?::text[], ?::text[], ?::bigint[],
       ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::jsonb[]) WITH ORDINALITY AS n (tenant, trader, id, book, currency,
       scale, kind, before, after, equity, required, instrument, lots, order_id, amount, quotes, place) ORDER BY n.place`,
    [
      events.map(({ account }) => account.tenant_id),
      events.map(({ account }) => account.trader_id),
      events.map(({ account }) => account.id),
      events.map(({ account }) => account.book),
      events.map(({ account }) => account.currency),
      events.map(({ account }) => account.currency_scale),
      events.map(({ kind }) => kind),
      events.map(({ before }) => before),
      events.map(({ after }) => after),
      events.map(({ level }) => level.equity.toString()),
      events.map(({ level }) => level.required.toString()),
      events.map(({ instrumentId = "" }) => instrumentId),
      events.map(({ lots }) => lots?.toString() ?? ""),
      events.map(({ orderId = "" }) => orderId),
      events.map(({ amount }) => amount?.toString() ?? ""),
      events.map(({ holdings }) => quotes(holdings)),
    ],
  );
}

/** The prices that holdings were weighed by, as JSON. An account's events share their holdings, and all accounts a quote. */
function quotesBy(marks: Marks): (holdings: readonly LadderHoldingState[]) => string {
  const ofQuote = new Map<MarkQuote, string>();
  const ofHoldings = new Map<readonly LadderHoldingState[], string>();
  const quoteOf = (mark: MarkQuote): string => {
    const known = ofQuote.get(mark);
    if (known !== undefined) return known;
    const { seq, bid, ask } = mark;
    const made = JSON.stringify({ seq: seq.toString(), bid: bid.toString(), ask: ask.toString() });
    ofQuote.set(mark, made);
    return made;
  };
  const quotesOf = (holdings: readonly LadderHoldingState[]): string => {
    const quotes = holdings.flatMap((holding) => {
      const mark = markOf(holding, marks);
      return mark === null ? [] : [`${JSON.stringify(holding.instrumentId)}:${quoteOf(mark)}`];
    });
    return `{${quotes.join(",")}}`;
  };
  return (holdings) => {
    const made = ofHoldings.get(holdings) ?? quotesOf(holdings);
    ofHoldings.set(holdings, made);
    return made;
  };
}

/** Puts accounts on their stages, in one statement. */
export async function writeStages(
  db: Knex,
  changes: readonly { readonly accountId: string; readonly stage: MarginStage }[],
): Promise<void> {
  if (changes.length === 0) return;
  await prepared(
    db,
    `UPDATE accounts a SET margin_stage = n.stage, margin_stage_at = clock_timestamp()
     FROM unnest(?::uuid[], ?::text[]) AS n (id, stage) WHERE a.id = n.id`,
    [changes.map(({ accountId }) => accountId), changes.map(({ stage }) => stage)],
  );
}
